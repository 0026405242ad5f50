/** Programs with their time and memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runProgram } from '#clients/program';

export const ROOT = join(__dirname, '..');
const PEAK_MEMORY = join(__dirname, 'peak-memory.cjs');
/** Of the runs that are under way. */
const folders = new Set<string>();

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface TimedRun {
  readonly seconds: number;
  /** Of the largest process of Node; 0 when none ran. */
  readonly peakMb: number;
  readonly stdout: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure. Default: 0. */
  readonly accepted?: readonly number[];
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** @throws with the end of what the program printed when it fails */
export async function timedRun(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<TimedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-bench-run-'));
  folders.add(folder);
  const peaks = join(folder, 'peaks');
  const env = { ...process.env, ...options.env, NODE_OPTIONS: `--require ${PEAK_MEMORY}`, FORGE_BENCH_PEAKS: peaks };
  try {
    let stdout = '';
    const elapsed = await seconds(async () => {
      stdout = await output(program, args, { ...options, env });
    });
    return { seconds: elapsed, peakMb: largest(peaks), stdout };
  } finally {
    folders.delete(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `forge` as a person calls it. */
export function timedForge(args: readonly string[], options: ProcessOptions = {}): Promise<TimedRun> {
  return timedRun(process.execPath, [join(ROOT, 'cli/forge.cjs'), ...args], { cwd: ROOT, ...options });
}

async function output(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env, accepted = [0] }: ProcessOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  const { code, stdout, text } = await runProgram(program, args, { cwd, env });
  if (accepted.includes(code)) return stdout;
  throw new Error(
    `${program} ${args.join(' ')} failed (${code}):\n${text.trimEnd().split('\n').slice(-25).join('\n')}`,
  );
}

function largest(file: string): number {
  try {
    return Math.max(0, ...readFileSync(file, 'utf8').split('\n').map(Number));
  } catch {
    return 0;
  }
}

/** Times of several runs, one after the other. */
export async function repeat<T>(times: number, work: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < times; round++) results.push(await work(round));
  return results;
}
