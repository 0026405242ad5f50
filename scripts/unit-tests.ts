/** `npm run unit`: the tests that, with all that they import, cannot start another program. Arguments go to jest. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startsPrograms } from '../test/runner/starts-programs.cjs';

const ROOT = join(__dirname, '..');
const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
/** They make much that is soon forgotten: with more room for it there is less to clear away. */
const NODE_OPTIONS = '--max-semi-space-size=64';
/** Some wait for a second attempt meanwhile. */
const WORKERS = Math.ceil(availableParallelism() * 1.5);

const unit = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(ROOT, 'test', name))
  .filter((file) => !startsPrograms(file));
const args = [NODE_OPTIONS, JEST, `--maxWorkers=${WORKERS}`, ...process.argv.slice(2), '--runTestsByPath', ...unit];
process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
