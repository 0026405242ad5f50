import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FORGE = join(ROOT, 'cli/forge.cjs');

describe('forge', () => {
  // Its packages for GitHub are ES modules.
  it.each([
    ['loads ES modules as Node.js does', []],
    ['loads ES modules where Node.js has none by require', ['--no-experimental-require-module']],
  ])('%s, without a warning', (_, flags) => {
    const args = [...flags, FORGE, 'github', 'setup', '--help'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('npx forge github setup');
  });

  it('says nothing when whoever reads has gone before the end', async () => {
    const forge = spawn(process.execPath, [FORGE, '--help']);
    forge.stdout.destroy();
    const [said, [code]] = await Promise.all([text(forge.stderr), once(forge, 'exit')]);
    expect([code, said]).toEqual([0, '']);
  });
});
