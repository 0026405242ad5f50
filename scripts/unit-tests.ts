/** `npm run unit`: the tests that, with all that they import, cannot start another program. Arguments go to jest. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startsPrograms } from '../test/runner/starts-programs.cjs';

const ROOT = join(__dirname, '..');
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const NODE_FLAGS = [
  // They make much that is soon forgotten: with more room for it there is less to clear away.
  '--max-semi-space-size=64',
  // Fifteen times Node.js' own: most code runs too few times to win back what compiling it again, for speed, costs each worker.
  '--interrupt-budget=1000000',
];
/** Some wait for a second attempt meanwhile. */
const WORKERS = Math.ceil(availableParallelism() * 1.5);

/** A folder in memory: thousands of small files come and go. Absent in containers that have little of it. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 1e9;

const unit = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(ROOT, 'test', name))
  .filter((file) => !startsPrograms(file));
const given = process.argv.slice(2);
const saysWorkers = given.some((arg) => /^(-i|-w|--runInBand|--maxWorkers)/.test(arg));
const workers = saysWorkers ? [] : [`--maxWorkers=${WORKERS}`];
const args = [...NODE_FLAGS, JEST, ...workers, ...given, '--runTestsByPath', ...unit];
const env = { ...process.env, TMPDIR: process.env['TMPDIR'] ?? (isRoomy(MEMORY) ? MEMORY : undefined) };
process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}
