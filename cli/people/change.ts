/** Changes forge.yaml and what k8s/ has of it in one go. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { configure } from '../configure/configure';
import { readManifests, writeManifests } from '../manifests/folder';

interface Changed {
  readonly config: ForgeConfig;
  /** Of forge.yaml, saying the same. */
  readonly text: string;
}

/**
 * Nothing is written before everything is known to be right.
 *
 * @param file forge.yaml
 * @param checkout the folder that holds k8s/
 */
export async function change(
  file: string,
  checkout: string,
  changed: (config: ForgeConfig, text: string) => Changed | Promise<Changed>,
): Promise<void> {
  const { config, text } = await changed(loadConfig(file), readFileSync(file, 'utf8'));
  const folder = join(checkout, 'k8s');
  const before = readManifests(folder);
  const { files } = configure(config, before);
  writeFileSync(file, text);
  writeManifests(folder, before, files);
}
