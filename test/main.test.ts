import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { newFolder } from './new-folder';

const root = join(__dirname, '..');

describe('the app command', () => {
  let outdir: string;

  beforeEach(() => void (outdir = newFolder('main')));

  const run = (configFile: string, env: NodeJS.ProcessEnv = {}) =>
    spawnSync('node', ['--require', 'tsx/cjs', 'main.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        CDKTF_OUTDIR: outdir,
        FORGE_CONFIG: configFile,
        ...env,
      },
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

  describe('with the key of a real account', () => {
    const key = { SPACES_ACCESS_KEY_ID: 'id', SPACES_SECRET_ACCESS_KEY: 'planted' };

    // cdktf calls it for diff, deploy and destroy alike, before Terraform.
    it('refuses the mail address of forge.yaml as delivered, and writes nothing', () => {
      const { status, stderr } = run(join(root, 'forge.yaml'), key);
      expect(stderr).toContain("acmeEmail is ops@example.org. Let's Encrypt gives no certificate");
      expect(stderr).not.toContain('    at ');
      expect(status).toBe(2);
      expect(existsSync(join(outdir, 'stacks'))).toBe(false);
    });

    it.each(['ops@mail.example.com', 'ops@EXAMPLE.net', 'ops@forge.test'])('refuses %s', (address) => {
      expect(run(configWith(address), key).stderr).toContain(`acmeEmail is ${address}.`);
    });

    it('takes an address that can be read', () => {
      expect(run(configWith('ops@myexample.org'), key)).toMatchObject({ status: 0, stderr: '' });
    });

    it('takes any address when the store is another one, as the sandbox is', () => {
      const env = { ...key, SPACES_ENDPOINT_URL: 'http://127.0.0.1:1' };
      expect(run(join(root, 'forge.yaml'), env)).toMatchObject({ status: 0, stderr: '' });
    });
  });

  function configWith(address: string): string {
    const file = join(outdir, 'forge.yaml');
    const delivered = readFileSync(join(root, 'forge.yaml'), 'utf8');
    writeFileSync(file, delivered.replace(/^acmeEmail: .*$/m, `acmeEmail: ${address}`));
    return file;
  }
});
