import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '#clients/program';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../..');

/** Status and title of each test. */
async function results(test: string): Promise<string[]> {
  const folder = newFolder('chain');
  const file = join(folder, 'results.json');
  writeFileSync(join(folder, 'one.test.js'), test);
  const config = JSON.stringify({ rootDir: folder, testEnvironment: join(ROOT, 'test/chain.cjs'), transform: {} });
  const args = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', config, '--json', '--outputFile', file];
  await runProgram(process.execPath, args, { cwd: folder, env: process.env });
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: { assertionResults: { status: string; title: string }[] }[];
  };
  return testResults[0]!.assertionResults.map(({ status, title }) => `${status}: ${title}`);
}

describe('a chain of tests', () => {
  it('tells the first that fails, and because of which the others are not run', async () => {
    const chain = `
      describe('a life', () => {
        it('one', () => {});
        it('two', () => { throw new Error('broken'); });
        it('three', () => {});
        describe('then', () => { it('four', () => {}); });
      });
      describe('another life', () => { it('five', () => {}); });`;
    expect(await results(chain)).toEqual([
      'passed: one',
      'failed: two',
      'pending: three (not run because of: two)',
      'pending: four (not run because of: two)',
      'passed: five',
    ]);
  });

  it('tells once that what comes before it failed', async () => {
    const chain = `
      beforeAll(() => { throw new Error('broken'); });
      it('one', () => {});
      it('two', () => {});`;
    expect(await results(chain)).toEqual(['failed: one', 'pending: two (not run because of: one)']);
  });
});
