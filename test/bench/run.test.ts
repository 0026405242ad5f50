import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Measurement } from '#bench/measurement';
import { timedRun } from '#bench/processes';
import { runMeasurements } from '#bench/run';

const ROOT = join(__dirname, '../..');
const exec = promisify(execFile);
/** Starts Node with a compiler, on a machine that may be busy. */
const PROCESS_LIMIT_MS = 60_000;

function measurement(name: string, measure: Measurement['measure']): Measurement {
  return { name, summary: name, measure };
}

describe('a run of the benchmark', () => {
  it('gathers what the measurements find, in their order, and tells what it does', async () => {
    const told: string[] = [];
    const of = (name: string) =>
      measurement(name, () => Promise.resolve([{ what: name, unit: 's' as const, values: [1] }]));
    const found = await runMeasurements([of('one'), of('two')], (line) => told.push(line));
    expect(found.figures.map(({ what }) => what)).toEqual(['one', 'two']);
    expect(told).toContain('one: measuring');
  });

  it('goes on after a measurement that fails, ends what it started, the last first, and removes its files', async () => {
    const ended: string[] = [];
    const figure = { what: 'next', unit: 's' as const, values: [1] };
    let folder = '';
    const failing = measurement('failing', (bench: Bench) => {
      folder = bench.folder;
      writeFileSync(join(folder, 'a file'), '');
      for (const name of ['first', 'second']) bench.atEnd(() => Promise.resolve(ended.push(name)));
      return Promise.reject(new Error('cannot be measured'));
    });
    const next = measurement('next', () => Promise.resolve([figure]));
    const { failures, figures } = await runMeasurements([failing, next], () => undefined);
    expect(failures).toEqual([{ name: 'failing', reason: 'cannot be measured' }]);
    expect(figures).toEqual([figure]);
    expect(ended).toEqual(['second', 'first']);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a measured process', () => {
  it(
    'comes with its output, its time and its memory',
    async () => {
      const script = 'const held = Buffer.alloc(100e6, 1); console.log(held.length)';
      const { stdout, seconds, peakMb } = await timedRun('node', ['-e', script]);
      expect(stdout).toBe('100000000\n');
      expect(seconds).toBeGreaterThan(0);
      expect(peakMb).toBeGreaterThan(100);
    },
    PROCESS_LIMIT_MS,
  );

  it(
    'that fails is an error with what it said',
    async () => {
      const script = 'console.error("the reason"); process.exit(3)';
      await expect(timedRun('node', ['-e', script])).rejects.toThrow('the reason');
      await expect(timedRun('node', ['-e', script], { accepted: [3] })).resolves.toMatchObject({ stdout: '' });
    },
    PROCESS_LIMIT_MS,
  );
});

describe('npm run bench', () => {
  const bench = (args: string[]) => exec('node', ['--require', 'tsx/cjs', 'bench/bench.ts', ...args], { cwd: ROOT });

  it(
    'lists its measurements and an example',
    async () => {
      const { stdout } = await bench(['--help']);
      expect(stdout).toContain('plan-comment');
      expect(stdout).toContain('npm run bench -- synth');
    },
    PROCESS_LIMIT_MS,
  );

  it(
    'refuses a name that it does not know with exit code 2',
    async () => {
      await expect(bench(['sinth'])).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('There is no measurement "sinth". There are: synth') as string,
      });
    },
    PROCESS_LIMIT_MS,
  );
});
