/** `forge configure`: carries forge.yaml into k8s/. */
import { join } from 'node:path';
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { Change } from './apply-rules';
import { configure } from './configure';
import { readManifests, writeManifests } from '../manifests/folder';

interface Options {
  readonly check?: boolean;
  readonly json?: boolean;
}

/**
 * @param checkout the folder that holds k8s/
 * @param env where FORGE_CONFIG may name another forge.yaml
 */
export function configureCommand(checkout: string = process.cwd(), env: NodeJS.ProcessEnv = process.env): Command {
  return new Command('configure')
    .description(
      'Write domain, repository, revision, e-mail addresses, mail server, VPC range and k3s version of forge.yaml into the manifests of k8s/.\n' +
        'Also renews the checksums that roll pods when their settings change. Nothing else in a file is touched.',
    )
    .option('--check', 'change nothing; list the differences and exit with 1 if there are any')
    .option('--json', 'print the differences as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge configure && git diff k8s')
    .action((options: Options) => run(checkout, configFile(env), options));
}

function run(checkout: string, file: string, { check, json }: Options): void {
  const config = loadConfig(file);
  const folder = join(checkout, 'k8s');
  const before = readManifests(folder);
  const { files, changes } = configure(config, before);
  console.log(json ? JSON.stringify(changes, null, 2) : listOf(changes));
  if (changes.length === 0) return;
  if (check) throw new CommandFailure('k8s/ differs from forge.yaml. Run `npx forge configure` and commit the result.');
  const written = writeManifests(folder, before, files);
  if (!json)
    console.log(
      `${count(changes.length, 'value')} in ${count(written, 'file')} written. Look at them with git diff k8s.`,
    );
}

function listOf(changes: readonly Change[]): string {
  if (changes.length === 0) return 'k8s/ says what forge.yaml says.';
  return changes
    .map(({ file, line, at, found, wanted }) => `k8s/${file}:${line}  ${at}\n  ${found} -> ${wanted}`)
    .join('\n');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
