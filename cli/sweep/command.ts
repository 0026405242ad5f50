/** `forge sweep`: finds what a lost state, an interrupted deploy or a cluster left in the account. */
import { Command } from 'commander';
import { configFile } from '../../config/environment';
import { loadConfig } from '../../config/load';
import { digitalOcean } from '../digitalocean/client';
import { connectSpaces, spacesTarget } from '../spaces-client';
import { json, table } from '../state/text';
import { processTerminal, type Terminal } from '../terminal';
import { findOrphans, type Orphans, type Surroundings } from './orphans';

/** Something is left. */
class LeftoverError extends Error {
  override readonly name = 'LeftoverError';
  readonly exitCode = 1;
}

/** @param terminal the default is the process's own */
export function sweepCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('sweep')
    .description(
      "Find what carries this environment's names and tags in the DigitalOcean account but is neither in the Terraform state nor used by\n" +
        'the cluster. Nothing is deleted without --delete, and nothing of another environment ever. Exits with 1 when something is left.',
    )
    .option('--delete', 'delete what was found')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge sweep && npx forge sweep --delete')
    .action((options: { delete?: boolean; json?: boolean }) =>
      withSurroundings(terminal, async (surroundings) => {
        const orphans = await findOrphans(surroundings);
        terminal.write(options.json ? json(orphans) : describe(orphans));
        if (options.delete) await deleteAll(surroundings, orphans);
        const left = orphans.undecided.length + (options.delete ? 0 : orphans.found.length);
        if (left > 0) throw new LeftoverError(`${left} left. Delete what nobody needs: npx forge sweep --delete`);
      }),
    );
}

/** Runs with connections that are closed afterwards. */
export async function withSurroundings(
  terminal: Terminal,
  work: (surroundings: Surroundings) => Promise<void>,
): Promise<void> {
  const config = loadConfig(configFile(terminal.env));
  const cloud = digitalOcean(terminal.env, terminal.notify);
  const spaces = await connectSpaces(spacesTarget(config, terminal.env), terminal.notify);
  try {
    await work({ terminal, config, cloud, spaces });
  } finally {
    spaces.close();
  }
}

async function deleteAll({ cloud, terminal }: Surroundings, { found }: Orphans): Promise<void> {
  for (const { kind, name, path } of found) {
    const isNew = await cloud.delete(path);
    terminal.notify(`${isNew ? 'Deleted' : 'Gone already'}: ${kind} ${name}\n`);
  }
}

function describe({ found, undecided }: Orphans): string {
  if (found.length + undecided.length === 0) return 'Nothing is left over.\n';
  return table([
    ...found.map(({ kind, name, id }) => [kind, name, id]),
    ...undecided.map(({ kind, name, id }) => [kind, name, `${id}  (left alone: the cluster does not answer)`]),
  ]);
}
