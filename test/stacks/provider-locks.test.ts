/** With the real Terraform, and a filesystem mirror in the place of the registry. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedProviders } from '#sandbox/toolchain/provider-pins';
import { LOCK_FILE, lockOptions, placeProviderLocks } from '#stacks/provider-locks';
import { STACKS } from '#stacks/stack-names';
import { newFolder } from '#test/new-folder';

const CHECKOUT = join(__dirname, '../..');
const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];
const TLS = { source: 'hashicorp/tls', version: '4.2.1' };
const RANDOM = { source: 'hashicorp/random', version: '3.7.2' };

describe('the locks of the providers', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  const outdir = () => join(folder, 'cdktf.out');
  const stack = () => join(outdir(), 'stacks/network');
  const locks = () => join(folder, 'stacks');
  const committed = () => join(locks(), 'network', LOCK_FILE);
  const mirror = () => join(folder, 'mirror');

  beforeEach(() => {
    folder = newFolder('locks');
    for (const path of [stack(), join(locks(), 'network')]) mkdirSync(path, { recursive: true });
    const rc = join(folder, 'terraformrc');
    writeFileSync(
      rc,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror())}\n  }\n}\n`,
    );
    env = { PATH: process.env['PATH'], HOME: folder, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: '1' };
    synthesise({ tls: TLS });
  });

  function synthesise(required: Readonly<Record<string, typeof TLS>>): void {
    writeFileSync(join(stack(), 'cdk.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    for (const { source, version } of Object.values(required))
      publish(source.includes('/') ? source : `hashicorp/${source}`, version, 'as its makers made it');
  }

  function publish(source: string, version: string, content: string): void {
    for (const platform of PLATFORMS) {
      const place = join(mirror(), 'registry.terraform.io', source, version, platform);
      mkdirSync(place, { recursive: true });
      const program = `terraform-provider-${source.split('/')[1]}_v${version}`;
      writeFileSync(join(place, program), `${content} for ${platform}`, { mode: 0o755 });
    }
  }

  const lockProviders = (...args: string[]) => {
    const script = ['--require', require.resolve('tsx/cjs'), join(CHECKOUT, 'scripts/lock-providers.ts')];
    return spawnSync(process.execPath, [...script, ...args], { cwd: folder, env, encoding: 'utf8' });
  };
  const init = (options: readonly string[]) =>
    spawnSync('terraform', ['init', '-no-color', ...options], { cwd: stack(), env, encoding: 'utf8' });
  const place = (more: NodeJS.ProcessEnv = {}) => placeProviderLocks(outdir(), { ...env, ...more }, locks());
  const options = (more: NodeJS.ProcessEnv = {}) => lockOptions('network', { ...env, ...more }, locks());

  it('are there for the providers of every stack, with the packages of every platform', () => {
    const locked = new Map(
      STACKS.flatMap((name) => {
        const text = readFileSync(join(CHECKOUT, 'stacks', name, LOCK_FILE), 'utf8');
        return [...text.matchAll(/provider "([^"]+)" \{\n\s+version\s+= "([^"]+)"[^}]+\}/g)];
      }).map(([block, address, version]) => [`${address} ${version}`, new Set(block.match(/zh:[0-9a-f]{64}/g)).size]),
    );
    expect([...locked.keys()].sort()).toEqual(
      pinnedProviders()
        .map(({ address, version }) => `${address} ${version}`)
        .sort(),
    );
    for (const packages of locked.values()) expect(packages).toBeGreaterThanOrEqual(PLATFORMS.length);
  });

  it('are written for every platform, and then nothing is installed but what they name', () => {
    const { status, stderr } = lockProviders(mirror());
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(committed(), 'utf8').match(/"h1:/g)).toHaveLength(PLATFORMS.length);
    place();
    expect(options()).toEqual(['-lockfile=readonly']);
    expect(init(options()).status).toBe(0);
    rmSync(join(stack(), '.terraform'), { recursive: true });
    publish(TLS.source, TLS.version, 'what somebody else made');
    for (const how of [options(), []]) {
      const refused = init(how);
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(/checksums/)]);
    }
  });

  it('are asked for again when a stack needs another provider, before Terraform would add it by itself', () => {
    lockProviders(mirror());
    synthesise({ tls: TLS, random: { ...RANDOM, source: 'random' } });
    expect(() => place()).toThrow(/lacks hashicorp\/random 3\.7\.2, which the stack network needs.*lock-providers/);
    expect(lockProviders(mirror()).status).toBe(0);
    place();
    expect(init(options()).status).toBe(0);
  });

  it('are for the official providers: stand-ins are running programs', () => {
    lockProviders(mirror());
    const standIns = { TF_REATTACH_PROVIDERS: '{}' };
    place(standIns);
    expect([existsSync(join(stack(), LOCK_FILE)), options(standIns)]).toEqual([false, []]);
  });

  it('bind nothing before there are any', () => {
    place();
    expect([existsSync(join(stack(), LOCK_FILE)), options()]).toEqual([false, []]);
  });

  it('are all written, or none', () => {
    mkdirSync(join(outdir(), 'stacks/cluster'));
    const unknown = { none: { source: 'hashicorp/none', version: '1.0.0' } };
    const text = JSON.stringify({ terraform: { required_providers: unknown } });
    writeFileSync(join(outdir(), 'stacks/cluster/cdk.tf.json'), text);
    expect(lockProviders(mirror())).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing was written'),
    });
    expect(existsSync(committed())).toBe(false);
  });

  it('need synthesised stacks', () => {
    rmSync(outdir(), { recursive: true });
    expect(lockProviders()).toMatchObject({ status: 2, stderr: expect.stringContaining('npx cdktf synth') });
  });
});
