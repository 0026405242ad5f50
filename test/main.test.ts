import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(__dirname, '..');

describe('the app command', () => {
  let outdir: string;

  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), 'forge-main-'));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });

  const run = (configFile: string) =>
    spawnSync('node', ['--require', 'tsx/cjs', 'main.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CDKTF_OUTDIR: outdir, FORGE_CONFIG: configFile },
    });

  it('synthesises the committed forge.yaml without an account or a secret', () => {
    const { status, stderr } = run(join(root, 'forge.yaml'));
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readdirSync(join(outdir, 'stacks')).sort()).toEqual(['cluster', 'github-secrets', 'network']);
  });

  it.each([
    ['a file that does not exist', join(tmpdir(), 'no-such-forge.yaml')],
    ['a file that is not valid', join(root, 'package.json')],
  ])('refuses %s with one message and exit code 2, and writes nothing', (_, file) => {
    const { status, stderr, stdout } = run(file);
    expect(status).toBe(2);
    expect(stderr).toContain(basename(file));
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(existsSync(join(outdir, 'stacks'))).toBe(false);
  });
});
