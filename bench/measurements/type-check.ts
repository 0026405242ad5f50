import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../../package.json';
import type { Measurement } from '../measurement';
import { repeat, ROOT, timedRun } from '../processes';

const RUNS = 5;
const [PROGRAM = '', ...ARGS] = scripts.typecheck.split(' ');
const MEMORY = ARGS.at(-1)!;
const OTHER_COMPILER = ['node_modules/typescript/bin/tsc', '--noEmit'];

export const typeCheck: Measurement = {
  name: 'type-check',
  summary: 'npm run typecheck, without npm; beside the compiler written in TypeScript',
  measure: async () => {
    const check = async () => (await timedRun(PROGRAM, ARGS)).seconds;
    const first = await repeat(RUNS, () => {
      rmSync(join(ROOT, MEMORY), { force: true });
      return check();
    });
    const again = await repeat(RUNS, check);
    const other = await repeat(2, async () => (await timedRun('node', OTHER_COMPILER)).seconds);
    return [
      {
        what: 'type check, from a new clone',
        unit: 's',
        atMost: 3,
        values: first,
        beside: { what: 'TypeScript 6', values: other },
      },
      { what: 'type check, again', unit: 's', values: again },
    ];
  },
};
