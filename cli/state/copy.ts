import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { spacesTarget, withSpaces, type SpacesClient, type SpacesTarget } from '#clients/spaces/client';
import { plansBucketName } from '#stacks/network/names';
import { STACKS } from '#stacks/stack-names';
import type { Terminal } from '../output/terminal';
import { readObject } from './bucket-object';
import { withStandIns } from './stand-ins';
import { parseState } from './state-file';
import type { StateFile } from './state-format';
import { stateKeyOf } from './stacks';

/** `forge state copy`: what plans of pull requests read. */
export function copyCommand(terminal: Terminal): Command {
  return new Command('copy')
    .summary('give plans of pull requests the states, without their secrets')
    .description(
      'Copy the states of all stacks, with a stand-in for every secret, to the bucket that `forge plan run --from-copies` reads. `forge\n' +
        'bootstrap`, `forge deploy`, `forge destroy` and the workflows do it; after a plain cdktf deploy it is yours to do. Needs\n' +
        'SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY with full access.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge state copy')
    .action(async () => {
      const config = loadConfig(configFile(terminal.env));
      await copyStates(terminal, config);
      terminal.write(`Copied without secrets to ${plansBucketName(config)}: ${STACKS.join(', ')}\n`);
    });
}

/** The bucket of the copies. */
export function copiesTarget(config: ForgeConfig, env: NodeJS.ProcessEnv): SpacesTarget {
  return { ...spacesTarget(config, env), bucket: plansBucketName(config) };
}

/** All of them at once: a secret has the same stand-in in each, and another one at the next time. */
export async function copyStates(terminal: Terminal, config: ForgeConfig): Promise<void> {
  const { env, notify } = terminal;
  const copies = await statesWithoutSecrets(terminal, config);
  const writeAll = ({ perform, bucket: Bucket }: SpacesClient) =>
    Promise.all(
      STACKS.map((stack, index) =>
        perform((s3, { PutObjectCommand }) => {
          const Key = stateKeyOf(config, stack);
          return s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(copies[index]) }));
        }),
      ),
    );
  await withSpaces(copiesTarget(config, env), writeAll, notify);
}

/** Of all stacks in their order, with a stand-in for every secret. */
export async function statesWithoutSecrets(
  { env, notify }: Pick<Terminal, 'env' | 'notify'>,
  config: ForgeConfig,
): Promise<StateFile[]> {
  const readAll = (spaces: SpacesClient) =>
    Promise.all(STACKS.map((stack) => stateOrEmpty(spaces, stateKeyOf(config, stack))));
  return withStandIns(await withSpaces(spacesTarget(config, env), readAll, notify));
}

/** A stack that was never deployed has a copy, too: one that is not there was never made. */
async function stateOrEmpty(spaces: SpacesClient, key: string): Promise<StateFile> {
  const object = await readObject(spaces, key);
  const text =
    object?.text ?? JSON.stringify({ version: 4, terraform_version: '1.11.0', serial: 0, lineage: randomUUID() });
  return parseState(text, key);
}
