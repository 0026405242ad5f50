import { join } from 'node:path';
import { stateKeyOf } from '#cli/state/stacks';
import { connectSpaces, spacesTarget } from '#clients/spaces/client';
import { loadConfig } from '#config/load';
import { writeConfiguration } from '../configuration';
import { largeState } from '../large-state';
import type { Bench, Findings, Measurement, Series, Unit } from '../measurement';
import { repeat, timedForge, type TimedRun } from '../processes';

const SIZES_KB = [10, 100, 1000, 10_000, 50_000];
const RUNS = 3;
/** Larger states are left out once a run took longer than this: the curve has been told by then. */
const LONGEST_RUN_SECONDS = 10;

export const stateSize: Measurement = {
  name: 'state-size',
  summary: 'forge state list and show for states of 10 KB to 50 MB',
  measure: async (bench: Bench): Promise<Findings> => {
    const { env: sandboxEnv } = await bench.sandbox();
    // Another project in the same bucket: the deployed one stays as it is.
    const configFile = writeConfiguration(join(bench.folder, 'large-state.yaml'), [[['name'], 'large']]);
    const env = { ...sandboxEnv, FORGE_CONFIG: configFile };
    const list: { x: number; runs: TimedRun[] }[] = [];
    const show: { x: number; runs: TimedRun[] }[] = [];
    for (const kilobytes of SIZES_KB) {
      bench.progress(`a state of ${kilobytes} KB`);
      const { text, address } = largeState(kilobytes * 1000);
      await putState(env, text);
      const times = (args: string[]) => repeat(RUNS, () => timedForge(['state', ...args], { env }));
      const listed = await times(['list', 'network']);
      list.push({ x: kilobytes, runs: listed });
      show.push({ x: kilobytes, runs: await times(['show', 'network', address]) });
      if (listed.some(({ seconds }) => seconds > LONGEST_RUN_SECONDS)) break;
    }
    const series = (of: (run: TimedRun) => number): Series[] =>
      [
        { name: 'forge state list', sizes: list },
        { name: 'forge state show', sizes: show },
      ].map(({ name, sizes }) => ({ name, points: sizes.map(({ x, runs }) => ({ x, values: runs.map(of) })) }));
    const curve = (file: string, title: string, unit: Unit, of: (run: TimedRun) => number) => ({
      ...{ file, title, along: 'KB of state', unit, series: series(of) },
    });
    return {
      figures: [],
      curves: [
        curve('state-time', 'forge state by size of the state', 's', ({ seconds }) => seconds),
        curve('state-memory', 'Memory of forge state by size of the state', 'MB', ({ peakMb }) => peakMb),
      ],
    };
  },
};

async function putState(env: NodeJS.ProcessEnv, text: string): Promise<void> {
  const config = loadConfig(env['FORGE_CONFIG'] ?? '');
  const spaces = await connectSpaces(spacesTarget(config, env), () => undefined);
  try {
    await spaces.perform((s3, { PutObjectCommand }) =>
      s3.send(new PutObjectCommand({ Bucket: spaces.bucket, Key: stateKeyOf(config, 'network'), Body: text })),
    );
  } finally {
    spaces.close();
  }
}
