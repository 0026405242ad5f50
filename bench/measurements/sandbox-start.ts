import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Findings, Measurement } from '../measurement';
import { startSandbox, type BenchSandbox } from '../sandbox';

/** Besides the one that the other measurements share. */
const OWN_RUNS = 2;

export const sandboxStart: Measurement = {
  name: 'sandbox-start',
  summary: 'make sandbox until every layer is Healthy, beside the sum of its floors',
  measure: async (bench: Bench): Promise<Findings> => {
    const starts: BenchSandbox[] = [];
    for (let round = 0; round < OWN_RUNS; round++) {
      bench.progress(`${round + 1} of ${OWN_RUNS + 1}`);
      const path = join(bench.folder, `start-${round}`);
      mkdirSync(path, { recursive: true });
      const started = await startSandbox(path, bench.atEnd);
      starts.push(started);
      await started.end();
    }
    starts.push(await bench.sandbox());
    const of = (what: string, value: (start: BenchSandbox) => number) => ({
      ...{ what, unit: 's' as const, values: starts.map(value) },
    });
    return {
      figures: [
        {
          ...of('make sandbox from cached tools to all layers Healthy', ({ seconds }) => seconds),
          atMost: 60,
          beside: {
            what: 'sum of its floors',
            values: starts.map(({ floors }) => floors.apiServer + floors.firstSync + floors.waves),
          },
        },
        of('floor: a droplet becomes a Ready server with its API', ({ floors }) => floors.apiServer),
        of('floor: the root Application makes the first layer', ({ floors }) => floors.firstSync),
        of('floor: four waves of layers', ({ floors }) => floors.waves),
      ],
      curves: [],
    };
  },
};
