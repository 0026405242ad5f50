import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Measurement } from '../measurement';
import { repeat, ROOT, timedRun } from '../processes';

const RUNS = 3;
const JEST = 'node_modules/jest/bin/jest.js';
const FOLDERS = ['bench', 'cli', 'config', 'sandbox', 'scripts', 'stacks', 'test'];
const STARTS_PROGRAMS = /from '(node:child_process|playwright-core)'/;

export const unitTests: Measurement = {
  name: 'unit-tests',
  summary: 'every test that, with all that it imports, cannot start another program',
  measure: async ({ progress }) => {
    const all = await testFiles([]);
    const others = new Set(await testFiles(['--findRelatedTests', ...programStarters()]));
    const unit = all.filter((file) => !others.has(file));
    progress(`${unit.length} of ${all.length} test files`);
    const runs = await repeat(RUNS, () =>
      // A failing test is the business of `npm test`.
      timedRun('node', [JEST, '--silent', '--runTestsByPath', ...unit], { accepted: [0, 1] }),
    );
    const what = `unit tests (${unit.length} of ${all.length} files)`;
    return { figures: [{ what, unit: 's', atMost: 15, values: runs.map(({ seconds }) => seconds) }], curves: [] };
  },
};

function programStarters(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((file) => file.endsWith('.ts') && STARTS_PROGRAMS.test(readFileSync(join(ROOT, file), 'utf8'))),
  );
}

async function testFiles(args: readonly string[]): Promise<string[]> {
  const { stdout } = await timedRun('node', [JEST, '--listTests', ...args]);
  return stdout
    .split('\n')
    .filter((line) => line.endsWith('.test.ts'))
    .map((file) => relative(ROOT, file));
}
