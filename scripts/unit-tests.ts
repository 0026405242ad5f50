/** `npm run unit`: the tests that, with all that they import, cannot start another program. Arguments go to jest. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const FOLDERS = ['bench', 'cli', 'clients', 'config', 'sandbox', 'scripts', 'stacks', 'test'];
const STARTS_PROGRAMS = /from '(node:child_process|playwright-core)'/;

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name)),
);
const starters = sources.filter((file) => STARTS_PROGRAMS.test(readFileSync(file, 'utf8')));
const others = new Set(relatedTests(starters));
const unit = sources.filter((file) => file.endsWith('.test.ts') && !others.has(file));
// They hardly wait for each other, unlike those that start whole clusters.
const args = ['--maxWorkers=100%', ...process.argv.slice(2), '--runTestsByPath', ...unit];
process.exitCode = spawnSync(process.execPath, [JEST, ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;

function relatedTests(files: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [JEST, '--listTests', '--findRelatedTests', ...files],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`jest could not list the tests: ${stderr}`);
  return stdout.split('\n');
}
