import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cdktf } from '#sandbox/cdktf';
import { endSandbox } from '#sandbox/down';
import { sandboxFolder } from '#sandbox/place/folder';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { startSandbox } from '#sandbox/up';
import { STACKS } from '#stacks/stack-names';
import { nodes, writeConfiguration } from '../configuration';
import type { Bench, Curve, Findings, Measurement, Series } from '../measurement';
import { repeat, seconds, timedForge, timedRun } from '../processes';
import { appCommand } from './synth';

/** The more nodes, the longer a run, and the smaller the part of it that is chance. */
const SIZES = [
  { count: 3, runs: 3 },
  { count: 10, runs: 2 },
  { count: 30, runs: 2 },
  { count: 100, runs: 1 },
] as const;
const REPEATS = 3;
const LARGE_ACCOUNT = join(__dirname, '../large-account.cjs');

interface Times {
  readonly synth: readonly number[];
  readonly planEmpty: readonly number[];
  readonly deploy: number;
  readonly planDeployed: readonly number[];
}

export const cloud: Measurement = {
  name: 'cloud',
  summary: 'synth, plan and deploy of the three stacks for 3 to 100 nodes',
  measure: async (bench: Bench): Promise<Findings> => {
    const sizes: { count: number; times: Times[] }[] = [];
    for (const { count, runs } of SIZES) {
      const times = await repeat(runs, async (round) => {
        bench.progress(`${count} nodes, ${round + 1} of ${runs}`);
        return oneCloud(bench, count);
      });
      sizes.push({ count, times });
    }
    const series = (name: string, of: (times: Times) => readonly number[] | number): Series => ({
      name,
      points: sizes.map(({ count, times }) => ({ x: count, values: times.flatMap(of) })),
    });
    const curve = (file: string, title: string, lines: Series[]): Curve => ({
      ...{ file, title, along: 'nodes', unit: 's', series: lines },
    });
    const deploy = series('cdktf deploy of the three stacks', ({ deploy }) => deploy);
    return {
      figures: [
        {
          ...{ what: 'three stacks deployed to the emulated cloud through the CLI', unit: 's', atMost: 10 },
          values: deploy.points[0]?.values ?? [],
        },
      ],
      curves: [
        curve('synth-nodes', 'Synth', [series('app command', ({ synth }) => synth)]),
        curve('plan-nodes', 'Plan of the network stack (terraform init and plan)', [
          series('nothing deployed yet', ({ planEmpty }) => planEmpty),
          series('everything deployed', ({ planDeployed }) => planDeployed),
        ]),
        curve('deploy-nodes', 'Deploy to the emulated cloud', [deploy]),
      ],
    };
  },
};

async function oneCloud(bench: Bench, count: number): Promise<Times> {
  const path = join(bench.folder, `cloud-${count}`);
  mkdirSync(path, { recursive: true });
  const configFile = writeConfiguration(join(path, 'forge.yaml'), nodes(count));
  const output = join(path, 'cdktf.out');
  const folder = sandboxFolder(join(path, 'data'));
  await ensureSandboxTools(() => undefined);
  const end = () => endSandbox(folder);
  bench.atEnd(end);
  const { env: cloudEnv } = await withLargeAccount(() => startSandbox(folder, { configFile }));
  const env = { ...cloudEnv, CDKTF_OUTPUT: output };
  await timedForge(['bootstrap'], { env });
  const synth = await repeat(REPEATS, async () => (await appCommand({ ...env, CDKTF_OUTDIR: output })).seconds);
  const plan = () =>
    seconds(async () => {
      const cwd = join(output, 'stacks/network');
      await timedRun('terraform', ['init', '-input=false'], { cwd, env });
      await timedRun('terraform', ['plan', '-input=false', '-lock=false'], { cwd, env });
    });
  const planEmpty = await repeat(REPEATS, plan);
  // In one call, in which the CLI keeps the stacks' order.
  const together = { ...env, CDKTF_IGNORE_MISSING_STACK_DEPENDENCIES: 'false' };
  const log = join(path, 'deploy.log');
  const deploy = await seconds(() => cdktf(['deploy', ...STACKS, '--auto-approve'], { env: together, log }));
  const planDeployed = await repeat(REPEATS, plan);
  await end();
  rmSync(path, { recursive: true, force: true });
  return { synth, planEmpty, deploy, planDeployed };
}

/** The daemon inherits the variable. */
async function withLargeAccount<T>(start: () => Promise<T>): Promise<T> {
  process.env['NODE_OPTIONS'] = `--require ${LARGE_ACCOUNT}`;
  try {
    return await start();
  } finally {
    delete process.env['NODE_OPTIONS'];
  }
}
