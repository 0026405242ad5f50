/** Reads forge.yaml: everything that uses the configuration gets it from here. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ConfigError } from './config-error';
import { describeFaults } from './fault';
import { checkRules } from './rules';
import { checkSchema } from './schema-faults';
import type { ForgeConfig } from './schema';
import { parseYaml } from './yaml-file';

/**
 * The configuration in a file, checked, with its defaults filled in.
 *
 * @throws ConfigError
 */
export function loadConfig(file: string): ForgeConfig {
  const shown = shortPath(file);
  const { errors, data, positionOf } = parseYaml(readText(file, shown));
  if (errors.length > 0) {
    const list = errors.map(({ line, column, message }) => `  ${shown}:${line}:${column}  ${message}`);
    throw new ConfigError([`${shown} is not valid YAML:`, ...list].join('\n'));
  }
  if (data === undefined || data === null) {
    throw new ConfigError(`${shown} is empty. The forge.yaml of the repository is a complete example.`);
  }
  const { config, sound, faults } = checkSchema(data);
  const all = [...faults, ...checkRules(sound)];
  if (config === undefined || all.length > 0) throw new ConfigError(describeFaults(shown, all, positionOf));
  return config;
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice = 'Work in the folder that holds forge.yaml, or name another file in FORGE_CONFIG.';
    if (code === 'ENOENT') throw new ConfigError(`There is no ${shown}. ${advice}`);
    if (code === 'EISDIR') throw new ConfigError(`${shown} is a folder. ${advice}`);
    throw new ConfigError(`${shown} cannot be read: ${message}`);
  }
}

/** Relative to the working directory when the file is in it. */
function shortPath(file: string): string {
  const path = relative('.', file);
  return path === '' || path.startsWith('..') ? file : path;
}
