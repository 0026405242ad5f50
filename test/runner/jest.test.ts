import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../..');
const COUNTER = `export const uses = { count: 0 };\n`;
const using = (expected: number) => `import { uses } from './counter';
type Line = string;
it('counts', () => {
  const line: Line = 'the line';
  expect([line, ++uses.count]).toEqual([line, ${expected}]);
});
`;

describe('jest', () => {
  let folder: string;
  beforeEach(() => void (folder = newFolder('jest')));

  it('keeps modules from file to file, but for those that want their own, and shows where a test failed', () => {
    const files = {
      'counter.ts': COUNTER,
      'a.test.ts': using(1),
      'b.test.ts': using(2),
      'c.test.ts': `/** @jest-environment node */\n${using(1)}`,
      'd.test.ts': `import 'node:child_process';\n${using(1)}`,
      'e.test.ts': using(99) + `process.env['PLANTED'] = 'yes';`,
      'f.test.ts': `it('forgets', () => void (process.env['PLANTED'] = 'yes'));`,
      'g.test.ts': `jest.mock('./counter');\nit('replaces a module', () => undefined);`,
      'h.test.ts': `it('leaves something', () => void setTimeout(() => void Promise.reject(new Error('too late')), 50));`,
      'i.test.ts': `it('is disturbed by it', () => new Promise((resolve) => setTimeout(resolve, 300)));`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { stderr } = run();
    const [passed, failed] = ['passed', 'failed'];
    expect(results()).toEqual({
      a: passed,
      b: passed,
      c: passed,
      d: passed,
      e: failed,
      f: failed,
      g: failed,
      h: passed,
      i: failed,
    });
    expect(stderr).toMatch(/> 5 \| +expect\(\[line, \+\+uses\.count\]\)\.toEqual\(\[line, 99\]\);\n +\| +\^/);
    expect(stderr).toContain('e.test.ts:5:32');
    expect(stderr).toContain('too late');
    expect(stderr).toContain('It leaves process.env.PLANTED changed for the test files after it.');
    expect(stderr).toContain('jest.mock needs modules of its own: begin the file with: /** @jest-environment node */');
  });

  function run() {
    const args = ['--roots', folder, '--testMatch', '**/*.test.ts', '--runInBand', '--json'];
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    return spawnSync(process.execPath, [jest, ...args, `--outputFile=${join(folder, 'results.json')}`], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  }

  function results(): Record<string, string> {
    const { testResults } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
      testResults: { name: string; status: string }[];
    };
    return Object.fromEntries(testResults.map(({ name, status }) => [name.at(-'a.test.ts'.length)!, status]));
  }
});
