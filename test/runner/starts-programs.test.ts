import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#test/new-folder';
import { startsPrograms } from './starts-programs.cjs';

const ROOT = join(__dirname, '../..');

describe('a test file that can start a program', () => {
  let folder: string;
  beforeEach(() => void (folder = newFolder('imports')));

  const isStarter = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return startsPrograms(join(folder, 'a.test.ts'));
  };

  it.each([
    ['itself', { 'a.test.ts': `import { spawn } from 'node:child_process';` }],
    ['in a browser', { 'a.test.ts': `import { chromium } from 'playwright-core';` }],
    [
      'by what it imports',
      {
        'a.test.ts': `import './b';`,
        'b.ts': `export * from './c';`,
        'c.ts': `import { fork } from 'node:child_process';`,
      },
    ],
    [
      'by what it loads later',
      { 'a.test.ts': `const b = () => import('./b');`, 'b.ts': `import {\n  spawn,\n} from 'node:child_process';` },
    ],
  ])('is known: %s', (_, files) => {
    expect(isStarter(files)).toBe(true);
  });

  it.each([
    ['only a type', { 'a.test.ts': `import type { ChildProcess } from 'node:child_process';` }],
    ['files in a circle', { 'a.test.ts': `import './b';`, 'b.ts': `import './a.test';` }],
  ])('is none for %s', (_, files) => {
    expect(isStarter(files)).toBe(false);
  });

  it.each([
    ['test/e2e/lifecycle.test.ts', true],
    ['test/cli/plan/run/run-plans.test.ts', true],
    ['test/config/cron.test.ts', false],
  ])('is, of ours, %s: %s', (file, starts) => {
    expect(startsPrograms(join(ROOT, file))).toBe(starts);
  });
});
