/** `forge sweep`: finds what a lost state, an interrupted deploy or a cluster left in the account. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { json, lines } from '../output/text';
import { textTable } from '../output/text-table';
import { processTerminal, type Terminal } from '../output/terminal';
import { cloudNames } from '#stacks/network/names';
import { confirmByName, isNamed } from '../output/confirm';
import { deleteAtGithub } from './at-github';
import { chosenTargets, deleteBucket, findBuckets } from './buckets';
import type { CloudObject } from './kinds';
import { findOrphans, type Orphans } from './orphans';
import { withCloudSession, type CloudSession } from './session';

/** Answers after which no other call will do better: a token that is not valid, a limit that was reached. */
const AT_AN_END = [401, 429];

interface SweepOptions {
  readonly delete?: boolean;
  readonly json?: boolean;
  readonly confirm?: string;
  readonly lostState?: boolean;
  readonly withSnapshots?: boolean;
  readonly withBackups?: string;
}

/** @param terminal the default is the process's own */
export function sweepCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('sweep')
    .description(
      "Find what carries this environment's names and tags at DigitalOcean, and with GITHUB_TOKEN at GitHub, but is neither in the\n" +
        'Terraform state nor used by the cluster. Nothing is deleted without --delete, and nothing of another environment ever. Exits\n' +
        'with 1 when something is left.',
    )
    .option('--delete', 'delete what was found')
    .option(
      '--confirm <name>',
      'with --delete: name and environment, such as forge-production; otherwise it is asked for',
    )
    .option('--lost-state', 'with --delete: also when machines run and no Terraform state knows of them')
    .option('--with-snapshots', 'look for the bucket of the etcd snapshots, too')
    .option('--with-backups <name>', 'look for the buckets of the backups, too: name and environment again')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge sweep && npx forge sweep --delete')
    .action((options: SweepOptions) => withCloudSession(terminal, (session) => sweep(session, options)));
}

async function sweep(session: CloudSession, options: SweepOptions): Promise<void> {
  const { terminal, config } = session;
  const wanted = cloudNames(config.name, config.environment).cluster;
  const choice = { snapshots: options.withSnapshots ?? false, backups: isNamed(wanted, options.withBackups) };
  const orphans = await findOrphans(session, options.lostState);
  if (orphans.isAlive && (choice.snapshots || choice.backups)) throw stillAlive(wanted);
  const targets = chosenTargets(config, terminal.env, choice);
  const all = { ...orphans, found: [...orphans.found, ...(await findBuckets(targets, terminal))] };
  terminal.write(options.json ? json(all) : describe(all));
  if (!all.sawGithub) terminal.notify('Nobody looked at GitHub: GITHUB_TOKEN is missing.\n');
  const problems = [...(await remaining(session, all, options)), ...undecidedProblem(all)];
  if (problems.length > 0) throw new CommandFailure(problems.join('\n'));
}

function stillAlive(wanted: string): CommandFailure {
  return new CommandFailure(
    `Nothing was touched: ${wanted} is still there, and needs its snapshots and backups. End it first: npx forge destroy`,
    { exitCode: 2 },
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
async function deleteAll(session: CloudSession, found: Orphans['found']): Promise<string[]> {
  const { terminal } = session;
  const refusals: string[] = [];
  for (const object of found) {
    const { kind, name } = object;
    if (kind === 'tag' && refusals.length > 0) continue;
    try {
      const isNew = await deleteObject(session, object);
      terminal.notify(`${isNew ? 'Deleted' : 'Gone already'}: ${kind} ${name}\n`);
    } catch (error) {
      const { status, message } = error as CommandFailure;
      if (status === undefined || AT_AN_END.includes(status)) throw error;
      refusals.push(`${kind} ${name}: ${message}`);
    }
  }
  return refusals;
}

function deleteObject({ cloud, terminal, config }: CloudSession, object: CloudObject): Promise<boolean> {
  const { at, path } = object;
  if (at === 'DigitalOcean') return cloud.delete(path);
  if (at === 'GitHub') return deleteAtGithub(terminal, object);
  const targets = chosenTargets(config, terminal.env, { snapshots: true, backups: true });
  const target = targets.find(({ bucket }) => bucket === path)!;
  return deleteBucket(target, terminal, (line) => terminal.notify(`${line}\n`));
}

function describe({ found, undecided }: Orphans): string {
  if (found.length + undecided.length === 0) return 'Nothing is left over.\n';
  const rows = [
    ...found.map(({ kind, name, id }) => [kind, name, id]),
    ...undecided.map(({ kind, name, id }) => [kind, name, `${id}  (left alone: the cluster does not answer)`]),
  ];
  return lines(textTable(rows));
}
