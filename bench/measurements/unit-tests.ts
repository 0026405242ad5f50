import type { Measurement } from '../measurement';
import { repeat, timedRun } from '../processes';

const RUNS = 3;
const UNIT_TESTS = ['--require', 'tsx/cjs', 'scripts/unit-tests.ts', '--silent'];

export const unitTests: Measurement = {
  name: 'unit-tests',
  summary: 'npm run unit: every test that, with all that it imports, cannot start another program',
  measure: async () => {
    // A failing test is the business of `make test`.
    const runs = await repeat(RUNS, () => timedRun('node', UNIT_TESTS, { accepted: [0, 1] }));
    return [{ what: 'unit tests', unit: 's', atMost: 15, values: runs.map(({ seconds }) => seconds) }];
  },
};
