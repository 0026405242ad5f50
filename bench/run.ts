/** Runs measurements one after the other, and leaves nothing behind. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure, Measurement, Results } from './measurement';
import { seconds } from './processes';
import { startSandbox, type BenchSandbox } from './shared-sandbox';

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
  const interruption = endOnInterruption(clean, progress);
  let shared: Promise<BenchSandbox> | undefined;
  const bench = (name: string): Bench => ({
    folder,
    sandbox: () => (shared ??= startSandbox(newFolder(folder, 'shared'), (end) => void ends.push(end))),
    progress: (line) => progress(`${name}: ${line}`),
    atEnd: (end) => void ends.push(end),
  });
  const figures: Figure[] = [];
  const failures: Results['failures'][number][] = [];
  try {
    for (const { name, measure } of measurements) {
      progress(`${name}: measuring`);
      try {
        const took = await seconds(async () => figures.push(...(await measure(bench(name)))));
        progress(`${name}: ${took.toFixed(0)} s`);
      } catch (error) {
        failures.push({ name, reason: (error as Error).message });
        progress(`${name}: could not be measured: ${(error as Error).message}`);
      }
      await interruption.hold();
    }
    return { figures, failures };
  } finally {
    interruption.stopListening();
    await clean();
  }
}

function newFolder(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Cleans and exits on SIGINT and SIGTERM. */
function endOnInterruption(clean: () => Promise<void>, progress: (line: string) => void) {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    progress('Interrupted: ending what was started');
    void clean().then(() => process.exit(INTERRUPTED));
  };
  for (const signal of signals) process.once(signal, interrupt);
  return {
    /** After an interruption it never returns, so that nothing new starts until the process exits. */
    hold: () => (isInterrupted ? new Promise<never>(() => undefined) : Promise.resolve()),
    stopListening: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
