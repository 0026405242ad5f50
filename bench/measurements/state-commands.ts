import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { stateKeyOf } from '#cli/state/stacks';
import { withSpaces, spacesTarget } from '#clients/spaces/client';
import { loadConfig } from '#config/load';
import { writeConfiguration } from '../configuration';
import { largeState } from '../large-state';
import type { Bench, Figure, Measurement } from '../measurement';
import { repeat, seconds, timedForge, timedRun } from '../processes';
import type { BenchSandbox } from '../shared-sandbox';

const RUNS = 5;
const LARGE_BYTES = 10_000_000;

export const stateCommands: Measurement = {
  name: 'state-commands',
  summary: 'forge state, beside terraform init and terraform state list, and for a state of 10 MB',
  measure: async (bench) => {
    const sandbox = await bench.sandbox();
    return [...(await smallState(sandbox, bench.folder)), ...(await tenMegabytes(sandbox, bench))];
  },
};

async function smallState({ env, output }: BenchSandbox, folder: string): Promise<Figure[]> {
  const cwd = join(output, 'stacks/network');
  const byTerraform = await repeat(RUNS, () => {
    const fresh = { ...env, TF_DATA_DIR: mkdtempSync(join(folder, 'terraform-')) };
    return seconds(async () => {
      await timedRun('terraform', ['init', '-input=false'], { cwd, env: fresh });
      await timedRun('terraform', ['state', 'list'], { cwd, env: fresh });
    });
  });
  const times = async (...args: string[]): Promise<Figure> => {
    const runs = await repeat(RUNS, () => timedForge(['state', ...args], { env }));
    return { what: `forge state ${args[0]}`, unit: 's', atMost: 0.5, values: runs.map((run) => run.seconds) };
  };
  const list = await times('list', 'network');
  return [
    { ...list, beside: { what: 'terraform init, state list', values: byTerraform } },
    await times('show', 'network', 'digitalocean_vpc.vpc'),
    await times('outputs', 'network'),
    await times('history', 'network'),
    await times('locks'),
  ];
}

async function tenMegabytes(sandbox: BenchSandbox, { folder, progress }: Bench): Promise<Figure[]> {
  progress('a state of 10 MB');
  // Another project in the same bucket: the deployed one stays as it is.
  const configFile = writeConfiguration(join(folder, 'large-state.yaml'), [[['name'], 'large']]);
  const env = { ...sandbox.env, FORGE_CONFIG: configFile };
  await putState(env, largeState(LARGE_BYTES));
  const runs = await repeat(RUNS, () => timedForge(['state', 'list', 'network'], { env }));
  return [
    { what: 'forge state list, 10 MB of state', unit: 's', values: runs.map((run) => run.seconds) },
    { what: 'memory of forge state list, 10 MB of state', unit: 'MB', values: runs.map(({ peakMb }) => peakMb) },
  ];
}

async function putState(env: NodeJS.ProcessEnv, text: string): Promise<void> {
  const config = loadConfig(env['FORGE_CONFIG'] ?? '');
  await withSpaces(spacesTarget(config, env), ({ perform, bucket: Bucket }) =>
    perform((s3, { PutObjectCommand }) =>
      s3.send(new PutObjectCommand({ Bucket, Key: stateKeyOf(config, 'network'), Body: text })),
    ),
  );
}
