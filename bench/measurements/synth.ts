import { join } from 'node:path';
import type { Measurement } from '../measurement';
import { repeat, ROOT, timedRun, type TimedRun } from '../processes';

const RUNS = 7;

export const synth: Measurement = {
  name: 'synth',
  summary: 'the app command',
  measure: async ({ folder }) => {
    const runs = await repeat(RUNS, () => appCommand({ CDKTF_OUTDIR: join(folder, 'synth') }));
    return [
      {
        what: 'synth of the three stacks (app command)',
        unit: 's',
        atMost: 1,
        values: runs.map(({ seconds }) => seconds),
      },
      { what: 'memory of the app command', unit: 'MB', values: runs.map(({ peakMb }) => peakMb) },
    ];
  },
};

/** Synthesises as `cdktf` does, without `cdktf`. */
export function appCommand(env: Readonly<Record<string, string>>): Promise<TimedRun> {
  return timedRun('node', ['--require', 'tsx/cjs', 'main.ts'], { cwd: ROOT, env });
}
