import type { Measurement } from '../measurement';
import { repeat, timedRun } from '../processes';

const RUNS = 5;

export const typeCheck: Measurement = {
  name: 'type-check',
  summary: 'npm run typecheck, without npm; beside the compiler written in TypeScript',
  measure: async () => {
    const check = (compiler: string) => () => timedRun('node', [`node_modules/${compiler}/bin/tsc`, '--noEmit']);
    await check('typescript-native')();
    const runs = await repeat(RUNS, check('typescript-native'));
    const others = await repeat(2, check('typescript'));
    const seconds = (found: typeof runs) => found.map((run) => run.seconds);
    const what = 'type check';
    const beside = { what: 'TypeScript 6', values: seconds(others) };
    return { figures: [{ what, unit: 's', atMost: 3, values: seconds(runs), beside }], curves: [] };
  },
};
