import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, relative, join } from 'node:path';
import { withWorkFolder } from '#cli/plan/plan-folder';

describe('the folder in which a plan is made', () => {
  it('can be named to Terraform, which runs elsewhere, and is gone afterwards', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forge-work-folder-'));
    try {
      const made = await withWorkFolder(relative(process.cwd(), folder), (path) => {
        expect(existsSync(path)).toBe(true);
        return Promise.resolve(path);
      });
      expect(isAbsolute(made)).toBe(true);
      expect(existsSync(made)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
