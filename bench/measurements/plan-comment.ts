import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largePlan } from '../large-plan';
import type { Figure, Measurement } from '../measurement';
import { repeat, timedForge } from '../processes';

const SIZES = [
  { count: 2000, seconds: { atMost: 1 }, memory: { atMost: 150 } },
  { count: 10_000, seconds: {}, memory: {} },
];
const RUNS = 5;

export const planComment: Measurement = {
  name: 'plan-comment',
  summary: 'forge plan comment for 2,000 and 10,000 changes',
  measure: async (bench) => {
    const figures: Figure[] = [];
    for (const { count, seconds, memory } of SIZES) {
      bench.progress(`${count} changes`);
      const folder = writePlans(join(bench.folder, `plans-${count}`), count);
      const runs = await repeat(RUNS, () => timedForge(['plan', 'comment', '--plans', folder, '--out', '-']));
      const what = `plan comment for ${count.toLocaleString('en')} changes`;
      figures.push({ what, unit: 's', ...seconds, values: runs.map((run) => run.seconds) });
      figures.push({ what: `memory of the ${what}`, unit: 'MB', ...memory, values: runs.map(({ peakMb }) => peakMb) });
    }
    return figures;
  },
};

function writePlans(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'network.json'), JSON.stringify(largePlan(count)), { mode: 0o600 });
  writeFileSync(join(folder, 'network.meta.json'), JSON.stringify({ refreshed: true }));
  return folder;
}
