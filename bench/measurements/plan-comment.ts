import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largePlan } from '../large-plan';
import type { Bench, Findings, Measurement, Series } from '../measurement';
import { repeat, timedForge, type TimedRun } from '../processes';

const CHANGES = [10, 100, 1000, 2000, 10_000];
/** That of the project's target. */
const TARGET_CHANGES = 2000;
const RUNS = 5;

export const planComment: Measurement = {
  name: 'plan-comment',
  summary: 'forge plan comment for 10 to 10,000 changes',
  measure: async (bench: Bench): Promise<Findings> => {
    const sizes: { x: number; runs: TimedRun[] }[] = [];
    for (const count of CHANGES) {
      bench.progress(`${count} changes`);
      const folder = writePlans(join(bench.folder, `plans-${count}`), count);
      const runs = await repeat(RUNS, () => timedForge(['plan', 'comment', '--plans', folder, '--out', '-']));
      sizes.push({ x: count, runs });
    }
    const target = sizes.find(({ x }) => x === TARGET_CHANGES)?.runs ?? [];
    const series = (name: string, of: (run: TimedRun) => number): Series[] => [
      { name, points: sizes.map(({ x, runs }) => ({ x, values: runs.map(of) })) },
    ];
    const time = ({ seconds }: TimedRun) => seconds;
    const memory = ({ peakMb }: TimedRun) => peakMb;
    const what = 'plan comment for 2,000 changes';
    const along = 'changes';
    return {
      figures: [
        { what, unit: 's', atMost: 2, values: target.map(time) },
        { what: `memory of the ${what}`, unit: 'MB', atMost: 200, values: target.map(memory) },
      ],
      curves: [
        { file: 'comment-time', title: 'Plan comment', along, unit: 's', series: series('forge plan comment', time) },
        {
          ...{ file: 'comment-memory', title: 'Memory of the plan comment', along, unit: 'MB' },
          series: series('forge plan comment', memory),
        },
      ],
    };
  },
};

function writePlans(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'network.json'), JSON.stringify(largePlan(count)), { mode: 0o600 });
  writeFileSync(join(folder, 'network.meta.json'), JSON.stringify({ refreshed: true }));
  return folder;
}
