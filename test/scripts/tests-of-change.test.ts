import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testsOf } from '../../scripts/tests-of-change.cjs';

const ROOT = join(__dirname, '../..');
const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const isOwners = (file: string) =>
  /^(k8s\/|docs\/|forge\.yaml$|[^/]+\.md$|\.github\/(CODEOWNERS|workflows\/stacks\.yml)$)/.test(file);

describe('the tests of a change', () => {
  it('are all of them for every file of the maker', () => {
    const partial = files.filter((file) => !isOwners(file) && testsOf([file]) !== undefined);
    expect(partial).toEqual([]);
  });

  it('are those that read it for every file of the owner, and deploy no sandbox', () => {
    for (const file of files.filter(isOwners)) {
      const tests = testsOf([file]);
      expect([file, tests?.length]).not.toEqual([file, 0]);
      for (const path of tests!) {
        expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
        expect(path).not.toContain('e2e');
      }
    }
  });

  it('are those of all files together, and all as soon as one file is the maker’s', () => {
    expect(testsOf(['k8s/03-apps/gitea.yaml', 'docs/layers.md'])).toEqual(
      expect.arrayContaining(['test/k8s', 'test/docs', 'test/workflows']),
    );
    expect(testsOf(['k8s/03-apps/gitea.yaml', 'cli/forge.ts'])).toBeUndefined();
    expect(testsOf(['a-new-folder/file'])).toBeUndefined();
  });

  it('are all for a change of nothing, such as a push of a tag', () => {
    expect(testsOf([])).toBeUndefined();
  });
});
