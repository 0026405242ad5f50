/** Runs measurements one after the other, and leaves nothing behind. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Findings, Measurement, Results } from './measurement';
import { startSandbox, type BenchSandbox } from './sandbox';

const INTERRUPTED = 130;

/** A measurement that cannot be taken does not keep the others from it. */
export async function runMeasurements(
  measurements: readonly Measurement[],
  progress: (line: string) => void,
): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-bench-'));
  const ends: (() => Promise<unknown>)[] = [];
  const clean = async () => {
    for (const end of ends.splice(0).reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  let isInterrupted = false;
  const interrupted = () => {
    isInterrupted = true;
    progress('Interrupted: ending what was started');
    void clean().then(() => process.exit(INTERRUPTED));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  let shared: Promise<BenchSandbox> | undefined;
  const sandbox = () => {
    const path = join(folder, 'shared');
    mkdirSync(path, { recursive: true });
    return (shared ??= startSandbox(path, (end) => void ends.push(end)));
  };
  try {
    const all: Findings[] = [];
    const failures: Results['failures'][number][] = [];
    for (const { name, measure } of measurements) {
      if (isInterrupted) await forever();
      const start = Date.now();
      progress(`${name}: measuring`);
      const bench: Bench = {
        ...{ folder, sandbox },
        progress: (line) => progress(`${name}: ${line}`),
        atEnd: (end) => void ends.push(end),
      };
      try {
        all.push(await measure(bench));
        progress(`${name}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
      } catch (error) {
        if (isInterrupted) await forever();
        const reason = (error as Error).message;
        failures.push({ name, reason });
        progress(`${name}: could not be measured: ${reason}`);
      }
    }
    return { figures: all.flatMap(({ figures }) => figures), curves: all.flatMap(({ curves }) => curves), failures };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
    await clean();
  }
}

/** Until the process exits. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}
