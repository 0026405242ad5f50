import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from '../measurement';
import { startSandbox } from '../shared-sandbox';

/** Besides the one that the other measurements share. */
const OWN_RUNS = 2;

export const sandboxStart: Measurement = {
  name: 'sandbox-start',
  summary: 'make sandbox until every layer is Healthy',
  measure: async (bench) => {
    const values: number[] = [];
    for (let round = 0; round < OWN_RUNS; round++) {
      bench.progress(`${round + 1} of ${OWN_RUNS + 1}`);
      const path = join(bench.folder, `start-${round}`);
      mkdirSync(path, { recursive: true });
      const started = await startSandbox(path, bench.atEnd);
      values.push(started.seconds);
      await started.end();
    }
    values.push((await bench.sandbox()).seconds);
    return [{ what: 'make sandbox from cached tools to all layers Healthy', unit: 's', atMost: 30, values }];
  },
};
