import type { Measurement } from '../measurement';
import { repeat, timedForge } from '../processes';

const RUNS = 7;

export const help: Measurement = {
  name: 'help',
  summary: 'forge --help',
  measure: async () => {
    const runs = await repeat(RUNS, () => timedForge(['--help']));
    return [{ what: 'forge --help', unit: 's', atMost: 0.25, values: runs.map((run) => run.seconds) }];
  },
};
