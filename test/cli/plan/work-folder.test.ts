import { existsSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { withWorkFolder } from '#cli/plan/plan-folder';
import { newFolder } from '#test/new-folder';

describe('the folder in which a plan is made', () => {
  it('can be named to Terraform, which runs elsewhere, and is gone afterwards', async () => {
    const folder = newFolder('work-folder');
    const made = await withWorkFolder(relative(process.cwd(), folder), (path) => {
      expect(existsSync(path)).toBe(true);
      return Promise.resolve(path);
    });
    expect(isAbsolute(made)).toBe(true);
    expect(existsSync(made)).toBe(false);
  });
});
