/** Looks at everything that a person should be told of, and never stops at what does not answer: that is told, too. */
import { join } from 'node:path';
import { z } from 'zod';
import { readFileSync } from 'node:fs';
import { CommandFailure } from '#clients/failure';
import type { SpacesFailure } from '#clients/spaces/failure';
import { digitalOcean } from '#clients/digitalocean/client';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { STACKS } from '#stacks/stack-names';
import type { Terminal } from '../output/terminal';
import { emptyPlanFolder, writePrivate } from '../plan/plan-folder';
import { runPlans } from '../plan/run/run-plans';
import { withSession } from '../state/session';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import { readPlatform } from '../status/command';
import { describeFaults } from '../status/describe';
import { etcdSnapshotStatus, readEtcdSnapshots } from '../status/etcd-snapshots';
import { readTokens, tokenWarnings } from '../status/tokens';
import { listEnvironment } from '../sweep/kinds';

const FILE = 'findings.json';

const findings = z.object({
  /** False before the first deploy and after the end. */
  isDeployed: z.boolean(),
  /** What is wrong besides drift, a line for each. */
  lines: z.array(z.string()),
});
export type Findings = z.infer<typeof findings>;

export interface LookOptions {
  readonly out: string;
  readonly errors: string;
  /** The default plans with this checkout. */
  readonly plan?: typeof runPlans;
}

/** Leaves plans, and beside them what else was found. @throws ConfigError for a forge.yaml that cannot be read */
export async function look(terminal: Terminal, { out, errors, plan = runPlans }: LookOptions): Promise<Findings> {
  const config = loadConfig(configFile(terminal.env));
  for (const folder of [out, errors]) emptyPlanFolder(folder);
  const lines: string[] = [];
  /** Undefined when it failed: then the reason is told. */
  const tryTo = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      lines.push(firstLine(error));
      return undefined;
    }
  };
  const deployed = await tryTo(() => isDeployed(terminal));
  if (deployed === false) lines.push(...((await tryTo(() => strayMachines(terminal, config))) ?? []));
  const found = () => ({ isDeployed: deployed !== false || lines.length > 0, lines });
  if (deployed === true) {
    await tryTo(() => plan(terminal, { out, errors }));
    await platformFindings(terminal, lines);
  }
  writePrivate(out, FILE, found());
  return found();
}

/** @throws CommandFailure where nobody looked */
export function readFindings(folder: string): Findings {
  try {
    return findings.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch (cause) {
    throw new CommandFailure(`${folder} holds no findings. Make them: npx forge drift look --out ${folder}`, { cause });
  }
}

/** Whether a state has anything. */
async function isDeployed(terminal: Terminal): Promise<boolean> {
  let deployed = false;
  try {
    await withSession(terminal, async ({ spaces, config }) => {
      const states = await Promise.all(STACKS.map((stack) => readState(spaces, stateKeyOf(config, stack))));
      deployed = states.some((state) => state?.resources.some(({ mode }) => mode === 'managed'));
    });
  } catch (error) {
    // `forge bootstrap` has not made it yet.
    if ((error as SpacesFailure).code !== 'NoSuchBucket') throw error;
  }
  return deployed;
}

/** Machines without any state: it is looked for in the wrong place, or is lost. */
async function strayMachines({ env, notify }: Terminal, config: ForgeConfig): Promise<string[]> {
  const all = await listEnvironment(digitalOcean(env, notify), config);
  const count = all.filter(({ kind }) => kind === 'droplet').length;
  if (count === 0) return [];
  return [`${count} machines run, and the bucket ${config.state.bucket} has no Terraform state of them: docs/state.md`];
}

/** Health, with the ages of what is saved; without the API as much as can be known. */
async function platformFindings(terminal: Terminal, lines: string[]): Promise<void> {
  try {
    const status = await readPlatform(terminal, process.cwd(), undefined);
    if (!status.healthy) lines.push(...faultsOf(describeFaults(status)));
    lines.push(...status.warnings, ...status.unseen.map(notSeen));
    return;
  } catch (error) {
    lines.push(`${firstLine(error)} So nobody looked at layers, apps, certificates and backups.`);
  }
  const now = new Date();
  const snapshots = await readEtcdSnapshots(terminal);
  if ('unseen' in snapshots) lines.push(notSeen(snapshots.unseen));
  else if (etcdSnapshotStatus(snapshots, undefined, now).late) lines.push('The snapshots of etcd are late.');
  lines.push(...tokenWarnings(await readTokens(terminal), now));
}

function notSeen(what: string): string {
  return `Not seen: ${what}`;
}

function faultsOf(text: string): string[] {
  const [, ...faults] = text.split('\n');
  return faults.map((fault) => fault.trim());
}

function firstLine(error: unknown): string {
  const [line = ''] = (error as Error).message.split('\n');
  return line;
}
