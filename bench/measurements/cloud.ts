import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#clients/until';
import { cdktf } from '#sandbox/cdktf';
import { daemonStatus } from '#sandbox/daemon/daemon-process';
import { endSandbox } from '#sandbox/down';
import { sandboxFolder, type SandboxFolder } from '#sandbox/place/folder';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { startSandbox } from '#sandbox/up';
import { STACKS } from '#stacks/stack-names';
import { nodes, writeConfiguration } from '../configuration';
import type { Bench, Figure, Measurement } from '../measurement';
import { repeat, seconds, timedForge, timedRun } from '../processes';
import { appCommand } from './synth';

const REPEATS = 3;
const DEPLOYED_NODES = 3;
/** More than an account may have without asking for it: planned, not deployed. */
const PLANNED_NODES = 100;
const POLL_MS = 50;

/** An emulated cloud with the buckets and nothing else. */
interface EmptyCloud {
  readonly path: string;
  readonly folder: SandboxFolder;
  readonly env: Readonly<Record<string, string>>;
  readonly output: string;
}

export const cloud: Measurement = {
  name: 'cloud',
  summary: `synth and plan for ${DEPLOYED_NODES} and ${PLANNED_NODES} nodes, and a deploy of the three stacks`,
  measure: async (bench) => [
    ...(await withCloud(bench, PLANNED_NODES, (place) => planFigures(place, `${PLANNED_NODES} nodes`))),
    ...(await withCloud(bench, DEPLOYED_NODES, (place) => planFigures(place, `${DEPLOYED_NODES} nodes`))),
    ...(await deployFigures(bench)),
  ],
};

async function withCloud<T>(bench: Bench, count: number, measure: (place: EmptyCloud) => Promise<T>): Promise<T> {
  bench.progress(`${count} nodes`);
  const path = join(bench.folder, `cloud-${count}`);
  mkdirSync(path, { recursive: true });
  const configFile = writeConfiguration(join(path, 'forge.yaml'), nodes(count));
  const folder = sandboxFolder(join(path, 'data'));
  await ensureSandboxTools(() => undefined);
  const end = () => endSandbox(folder);
  bench.atEnd(end);
  const started = await startSandbox(folder, { configFile });
  const output = join(path, 'cdktf.out');
  // In one call of the CLI, which keeps the stacks' order.
  const env = { ...started.env, CDKTF_OUTPUT: output, CDKTF_IGNORE_MISSING_STACK_DEPENDENCIES: 'false' };
  await timedForge(['bootstrap'], { env });
  const measured = await measure({ path, folder, env, output });
  await end();
  rmSync(path, { recursive: true, force: true });
  return measured;
}

async function planFigures({ env, output }: EmptyCloud, size: string): Promise<Figure[]> {
  const synths = await repeat(REPEATS, () => appCommand({ ...env, CDKTF_OUTDIR: output }));
  const cwd = join(output, 'stacks/network');
  const plans = await repeat(REPEATS, () =>
    seconds(async () => {
      await timedRun('terraform', ['init', '-input=false'], { cwd, env });
      await timedRun('terraform', ['plan', '-input=false', '-lock=false'], { cwd, env });
    }),
  );
  return [
    { what: `synth for ${size}`, unit: 's', values: synths.map((run) => run.seconds) },
    { what: `terraform init and plan of the network stack for ${size}`, unit: 's', values: plans },
  ];
}

async function deployFigures(bench: Bench): Promise<Figure[]> {
  const deploys = await repeat(REPEATS, () => withCloud(bench, DEPLOYED_NODES, timedDeploy));
  const over = deploys.map(({ deploy, cli, apiServer }) => deploy - cli - apiServer);
  const what = 'three stacks deployed to the emulated cloud through the CLI';
  return [
    { what, unit: 's', values: deploys.map(({ deploy }) => deploy) },
    { what: "the deploy, over the CLI's own start and the API server's", unit: 's', atMost: 3, values: over },
  ];
}

async function timedDeploy({ path, folder, env }: EmptyCloud) {
  const run = (args: string[]) => seconds(() => cdktf(args, { env, log: join(path, 'cdktf.log') }));
  const cli = await run(['synth']);
  const watching = new AbortController();
  const [apiServer, deploy] = await Promise.all([
    serverStart(folder, watching.signal),
    run(['deploy', ...STACKS, '--auto-approve']).finally(() => watching.abort()),
  ]);
  return { cli, deploy, apiServer };
}

/** Seconds from the first droplet to its Ready server with its API. */
async function serverStart(folder: SandboxFolder, signal: AbortSignal): Promise<number> {
  const server = async () => {
    if (signal.aborted) throw new Error('the deploy ended before a server was ready');
    return (await daemonStatus(folder))?.droplets.find(({ role }) => role === 'server');
  };
  await until(server, { every: POLL_MS, what: 'a server' });
  return seconds(() =>
    until(async () => (await server())?.state === 'running', { every: POLL_MS, what: 'a running server' }),
  );
}
