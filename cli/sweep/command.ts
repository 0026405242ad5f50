/** `forge sweep`: finds what a lost state, an interrupted deploy or a cluster left in the account. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { json, lines } from '../output/text';
import { textTable } from '../output/text-table';
import { processTerminal, type Terminal } from '../output/terminal';
import { cloudNames } from '#stacks/network/names';
import { confirmByName } from '../output/confirm';
import { findOrphans, type Orphans } from './orphans';
import { withCloudSession, type CloudSession } from './session';

/** Answers after which no other call will do better: a token that is not valid, a limit that was reached. */
const AT_AN_END = [401, 429];

interface SweepOptions {
  readonly delete?: boolean;
  readonly json?: boolean;
  readonly confirm?: string;
  readonly lostState?: boolean;
}

/** @param terminal the default is the process's own */
export function sweepCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('sweep')
    .description(
      "Find what carries this environment's names and tags in the DigitalOcean account but is neither in the Terraform state nor used by\n" +
        'the cluster. Nothing is deleted without --delete, and nothing of another environment ever. Exits with 1 when something is left.',
    )
    .option('--delete', 'delete what was found')
    .option(
      '--confirm <name>',
      'with --delete: name and environment, such as forge-production; otherwise it is asked for',
    )
    .option('--lost-state', 'with --delete: also when machines run and no Terraform state knows of them')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge sweep && npx forge sweep --delete')
    .action((options: SweepOptions) =>
      withCloudSession(terminal, async (session) => {
        const orphans = await findOrphans(session);
        terminal.write(options.json ? json(orphans) : describe(orphans));
        const problems = [...(await remaining(session, orphans, options)), ...undecidedProblem(orphans)];
        if (problems.length > 0) throw new CommandFailure(problems.join('\n'));
      }),
    );
}

/** What is left of what was found, in words. */
async function remaining(session: CloudSession, orphans: Orphans, options: SweepOptions): Promise<string[]> {
  const { found } = orphans;
  if (found.length === 0) return [];
  if (options.delete) await confirm(session, orphans, options);
  else return [`${found.length} left. Delete what nobody needs: npx forge sweep --delete`];
  const refusals = await deleteAll(session, found);
  if (refusals.length === 0) return [];
  return ['Not deleted:', ...refusals.map((line) => `  ${line}`), 'Run this again: npx forge sweep --delete'];
}

/** A state that is looked for in the wrong place makes the living look like left over. */
async function confirm({ config, terminal }: CloudSession, orphans: Orphans, options: SweepOptions): Promise<void> {
  const machines = orphans.found.filter(({ kind }) => kind === 'droplet').length;
  if (!orphans.isStateThere && machines > 0 && !options.lostState) {
    throw new CommandFailure(
      `Nothing was deleted: ${machines} machines run, and the bucket ${config.state.bucket} has no Terraform state of them.\n` +
        'Is state.bucket right, and state.region, name and environment? If the state is lost, or never was: --lost-state.',
      { exitCode: 2 },
    );
  }
  const wanted = cloudNames(config.name, config.environment).cluster;
  await confirmByName(terminal, wanted, `This deletes ${orphans.found.length} things of ${wanted}.`, options.confirm);
}

function undecidedProblem({ undecided }: Orphans): string[] {
  if (undecided.length === 0) return [];
  return [
    `${undecided.length} left alone: only the cluster knows what it needs, and it does not answer. ` +
      'Open it, and run this again: npx forge access open',
  ];
}

/** What cannot be deleted stops nothing but the tags: by them the next run finds it. Resolves with the refusals. */
async function deleteAll({ cloud, terminal }: CloudSession, found: Orphans['found']): Promise<string[]> {
  const refusals: string[] = [];
  for (const { kind, name, path } of found) {
    if (kind === 'tag' && refusals.length > 0) continue;
    try {
      const isNew = await cloud.delete(path);
      terminal.notify(`${isNew ? 'Deleted' : 'Gone already'}: ${kind} ${name}\n`);
    } catch (error) {
      const { status, message } = error as CommandFailure;
      if (status === undefined || AT_AN_END.includes(status)) throw error;
      refusals.push(`${kind} ${name}: ${message}`);
    }
  }
  return refusals;
}

function describe({ found, undecided }: Orphans): string {
  if (found.length + undecided.length === 0) return 'Nothing is left over.\n';
  const rows = [
    ...found.map(({ kind, name, id }) => [kind, name, id]),
    ...undecided.map(({ kind, name, id }) => [kind, name, `${id}  (left alone: the cluster does not answer)`]),
  ];
  return lines(textTable(rows));
}
