import { join } from 'node:path';
import { makeBarrelCopy } from '../barrel-copy';
import type { Bench, Findings, Measurement } from '../measurement';
import { repeat, ROOT, timedRun, type TimedRun } from '../processes';

const RUNS = 7;
const DEFAULT_RUNS = 3;

export const synth: Measurement = {
  name: 'synth',
  summary: "the app command, beside the default runner of cdktf init: npx ts-node and the packages' barrels",
  measure: async (bench: Bench): Promise<Findings> => {
    const copy = await makeBarrelCopy(join(bench.folder, 'barrels'));
    const env = { CDKTF_OUTDIR: join(bench.folder, 'synth') };
    const byDefault = () => timedRun('npx', ['ts-node', 'main.ts'], { cwd: copy, env });
    await byDefault();
    const slow = await repeat(DEFAULT_RUNS, byDefault);
    const fast = await repeat(RUNS, () => appCommand(env));
    const beside = (of: (run: TimedRun) => number) => ({
      beside: { what: 'npx ts-node, barrel imports', values: slow.map(of) },
    });
    return {
      figures: [
        {
          ...{ what: 'synth of the three stacks (app command)', unit: 's', atMost: 1 },
          values: fast.map(({ seconds }) => seconds),
          ...beside(({ seconds }) => seconds),
        },
        {
          ...{ what: 'memory of the app command', unit: 'MB' },
          values: fast.map(({ peakMb }) => peakMb),
          ...beside(({ peakMb }) => peakMb),
        },
      ],
      curves: [],
    };
  },
};

/** Synthesises as `cdktf` does, without `cdktf`. */
export function appCommand(env: Readonly<Record<string, string>>): Promise<TimedRun> {
  return timedRun('node', ['--require', 'tsx/cjs', 'main.ts'], { cwd: ROOT, env });
}
