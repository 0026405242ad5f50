/** What a sandbox holds, as its closing table and `forge sandbox status` show it. */
import pc from 'picocolors';
import { daemonStatus, type DaemonStatus } from '../../sandbox/daemon-process';
import { kubeconfigFile } from '../../sandbox/kubeconfigs';
import { readNodes, type NodeSummary } from '../../sandbox/summary';
import { ensureSandboxTools } from '../../sandbox/tools';
import type { RunningSandbox } from '../../sandbox/running-sandbox';
import { STACKS, type StackName } from '../../stacks/stack-names';
import { stateCommand } from '../state/command';

export interface SandboxSummary {
  readonly folder: string;
  readonly stacks: readonly StackSummary[];
  readonly nodes: readonly NodeSummary[];
  readonly droplets: DaemonStatus['droplets'];
  readonly kubeconfigs: { readonly admin: string; readonly operators: string };
}

interface StackSummary {
  readonly stack: StackName;
  /** Managed resources; undefined before the first deploy. */
  readonly resources: number | undefined;
  /** Of the outputs, those that are not secret and fit on a line. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads it all: states as `forge state` does, nodes as kubectl does. */
export async function summarise(sandbox: RunningSandbox): Promise<SandboxSummary> {
  const { kubectl } = await ensureSandboxTools(() => undefined);
  const kubeconfigs = { admin: kubeconfigFile(sandbox, 'admin'), operators: kubeconfigFile(sandbox, 'operators') };
  const stacks = await Promise.all(STACKS.map((stack) => stackSummary(sandbox, stack)));
  const reachable = stacks.some(({ stack, resources }) => stack === 'network' && resources !== undefined);
  return {
    folder: sandbox.folder.path,
    stacks,
    nodes: reachable ? await readNodes(kubectl, kubeconfigs.admin).catch(() => []) : [],
    droplets: (await daemonStatus(sandbox.folder))?.droplets ?? [],
    kubeconfigs,
  };
}

export async function printSummary(sandbox: RunningSandbox): Promise<void> {
  console.log(`\n${describe(await summarise(sandbox))}`);
}

/** For people. */
export function describe({ stacks, nodes, droplets, kubeconfigs }: SandboxSummary): string {
  const stackRows = stacks.flatMap(({ stack, resources, outputs }) => [
    [stack, resources === undefined ? 'not deployed' : `${resources} resources`],
    ...Object.entries(outputs).map(([name, value]) => ['', `${name} = ${value}`]),
  ]);
  const nodeRows = nodes.map(({ name, ready, roles, version }) => [name, ready ? 'Ready' : 'NotReady', roles, version]);
  const troubled = droplets
    .filter(({ state }) => state !== 'running')
    .map(({ name, state, reason }) => [name, state, reason ?? '']);
  return [
    section('Stacks', stackRows),
    section('Nodes', nodeRows),
    ...(troubled.length > 0 ? [section('Machines that are not nodes', troubled)] : []),
    section('How to go on', [
      ['eval "$(npx forge sandbox env)"', 'in this shell: cdktf, terraform, kubectl and forge use the sandbox'],
      ['kubectl get nodes', `kubeconfig of the admin: ${kubeconfigs.admin}`],
      ['npx cdktf diff network', 'what a change in forge.yaml would do'],
      ['npx forge state list', 'what is in the state'],
      ['npx forge sandbox down', 'ends everything and leaves only the cached tools'],
    ]),
    section('What this cannot show', [
      ['No container runs: pods become Ready by rule, and the cloud, GitHub and the providers are emulated.'],
    ]),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  );
  const widest = widths.map((_, index) =>
    Math.max(...rows.map((row) => (row.length > index + 1 ? row[index]!.length : 0))),
  );
  const lines = rows.map(
    (row) => `  ${row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(widest[index]!) : cell)).join('  ')}`,
  );
  return [pc.bold(title), ...lines, ''].join('\n');
}

async function stackSummary({ env }: RunningSandbox, stack: StackName): Promise<StackSummary> {
  const [listing] = await forgeState<[{ addresses: string[]; serial?: number }]>(env, ['list', stack, '--json']);
  if (listing.serial === undefined) return { stack, resources: undefined, outputs: {} };
  const published = await forgeState<Record<string, { value?: unknown }>>(env, ['outputs', stack, '--json']);
  const short = Object.entries(published).filter(([, { value }]) => typeof value === 'string' && !value.includes('\n'));
  return {
    stack,
    resources: listing.addresses.filter((address) => !address.startsWith('data.')).length,
    outputs: Object.fromEntries(short.map(([name, { value }]) => [name, value as string])),
  };
}

async function forgeState<T>(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<T> {
  let text = '';
  const terminal = { env, write: (part: string) => void (text += part), notify: () => undefined, ask: undefined };
  await stateCommand(terminal).parseAsync(args, { from: 'user' });
  return JSON.parse(text) as T;
}
