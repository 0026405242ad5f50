import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('forge', () => {
  // Its packages for GitHub are ES modules.
  it.each([
    ['loads ES modules as Node.js does', []],
    ['loads ES modules where Node.js has none by require', ['--no-experimental-require-module']],
  ])('%s, without a warning', (_, flags) => {
    const args = [...flags, join(ROOT, 'cli/forge.cjs'), 'github', 'setup', '--help'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('npx forge github setup');
  });
});
