/**
 * Deploys that do not get to their end: nothing is lost, and the next one completes.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '#clients/until';
import { deployStacks, startSandbox } from '#sandbox/up';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

const ROOT = join(__dirname, '../..');

jest.setTimeout(180_000);

describe('a deploy that is interrupted', () => {
  let test: TestSandbox;

  beforeAll(async () => {
    test = await startTestSandbox();
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  it('by an error of the cloud leaves a state from which the next deploy completes', async () => {
    const { cidr } = test.sandbox.config.network;
    const squatter = { name: 'somebody-else', region: 'fra1', ip_range: cidr };
    const { vpc } = await test.cloud.post<{ vpc: { id: string } }>('/v2/vpcs', squatter);
    const { code, text } = await test.cdktf(['deploy', 'network', '--auto-approve']);
    expect(code).toBe(1);
    expect(text).toMatch(/overlap/i);
    const listed = await test.forge(['state', 'list', 'network']);
    expect(listed.text).toContain('tls_private_key.pki_server-ca-key');

    await test.cloud.delete(`/v2/vpcs/${vpc.id}`);
    await test.deploy('network');
    expect((await test.cdktf(['diff', 'network'])).text).toContain('No changes');
    await test.nodesReady();
  });

  it('by the death of cloud, store and machines loses no state', async () => {
    const before = await addresses();
    test.configure(['access', 'api'], ['203.0.113.0/24']);
    const child = test.begin(['deploy', 'network', '--auto-approve']);
    for await (const chunk of child.stdout!) {
      if (String(chunk).includes('Modifying...')) break;
    }
    const { pid } = JSON.parse(readFileSync(test.sandbox.folder.daemon, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    if (child.exitCode === null) await once(child, 'close');

    const { folder, settings } = test.sandbox;
    // Terraform watches the process that it was told to reach, and gives up as soon as it sees that it is gone.
    const restarted = await startSandbox(folder, { configFile: settings.configFile });
    await test.nodesReady();
    await test.forge(['state', 'unlock', 'network', '--force']);
    // Where Terraform puts a state that it could not write to the store.
    if (existsSync(join(test.stackFolder('network'), 'errored.tfstate'))) {
      const push = await test.terraform(test.stackFolder('network'), ['state', 'push', 'errored.tfstate']);
      expect([push.code, push.code === 0 ? '' : push.text]).toEqual([0, '']);
    }
    expect(await addresses()).toBe(before);
    await deployStacks(restarted, ['network'], () => undefined);
    expect((await test.cdktf(['diff', 'network'], { ...restarted.env })).text).toContain('No changes');
  });

  it('by Ctrl-C is ended by Terraform, which writes down what it did, and destroy too', async () => {
    test.configure(['workers', 0, 'count'], 1);
    await interrupted(['deploy', 'network', '--auto-approve']);
    await isKnown();
    await deployStacks(test.sandbox, ['network'], () => undefined);
    expect(await interrupted(['destroy', '--confirm', 'forge-production', '--without-cluster'])).toContain(
      'Interrupted.',
    );
    await isKnown();
    expect(await test.forge(['destroy', '--confirm', 'forge-production', '--without-cluster'])).toMatchObject({
      code: 0,
    });
  });

  /** As at a keyboard: everything in the foreground hears it. @returns what it said */
  async function interrupted(args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [join(ROOT, 'cli/forge.cjs'), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...test.sandbox.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
    const closed = once(child, 'close');
    await until(() => /droplet\.\w+: Destroying\.\.\./.test(text) || child.exitCode !== null, {
      every: 50,
      what: 'the machines',
    });
    process.kill(-child.pid!, 'SIGINT');
    expect(await closed).toEqual([1, null]);
    return text;
  }

  /** Every machine that is there is in the state, and no other; nobody holds its lock. */
  async function isKnown(): Promise<void> {
    expect((await test.forge(['state', 'locks'])).text).toContain('No state is locked.');
    const droplets = (await test.held('droplets')).length;
    expect((await addresses()).match(/digitalocean_droplet/g) ?? []).toHaveLength(droplets);
  }

  async function addresses(): Promise<string> {
    const { text } = await test.forge(['state', 'list', 'network', '--json']);
    return JSON.stringify((JSON.parse(text.slice(text.indexOf('['))) as { addresses: string[] }[])[0]!.addresses);
  }
});
