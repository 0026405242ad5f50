import { CreateBucketCommand, DeleteBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployCommand } from '#cli/deploy/command';
import { secretVariables } from '#config/environment';
import { loadConfig } from '#config/load';
import { plansBucketName, snapshotBucketName } from '#stacks/network/names';
import type { SampleApi } from '#test/clients/kubernetes/sample-api';
import { firewall } from '#test/sandbox/cloud/digitalocean/samples';
import { newFolder } from '#test/new-folder';
import { sampleCluster, type SampleCluster } from '../access/sample-cluster';
import { LOCK, LOCK_KEY, networkState, STATE_KEYS } from '../state/sample-state';
import { sampleCdktf, type Ended } from './sample-cdktf';

const OLD_OPENING = 'forge-production-access-20200101T000000Z-00ff00-0f0f';
const SECRET_FILES = ['spaces.credentials', 'secrets.auto.tfvars.json', 'plan'];

describe('forge deploy', () => {
  let cluster: SampleCluster;
  let api: SampleApi | undefined;
  let checkout: string;
  let plans: string;
  let snapshots: string;
  /** What CDKTF was asked for, and to whom the API was open then. */
  let calls: { args: readonly string[]; open: string[] }[];
  let cdktf: (stack: string) => Ended | Promise<Ended>;

  beforeEach(async () => {
    [calls, checkout, api] = [[], newFolder('deploy'), undefined];
    cdktf = () => ({ code: 0, output: '' });
    const program = await sampleCdktf(async (args) => {
      calls.push({ args, open: await openings() });
      synthesised(args[1]!);
      return cdktf(args[1]!);
    });
    cluster = await sampleCluster((terminal) => deployCommand(terminal, { program, checkout }));
    const { env, spaces } = cluster.operator;
    plans = plansBucketName(loadConfig(env['FORGE_CONFIG']!));
    snapshots = snapshotBucketName(loadConfig(env['FORGE_CONFIG']!));
    for (const Bucket of [plans, snapshots]) await spaces.client().send(new CreateBucketCommand({ Bucket }));
    Object.assign(env, { PATH: process.env['PATH'], FORGE_CLUSTER_TOKEN: 'c'.repeat(64), GITHUB_TOKEN: 'github' });
    for (const name of secretVariables(loadConfig(env['FORGE_CONFIG']!))) env[name] = 'planted';
  });
  afterEach(() => api?.close());

  const deploy = (...args: string[]) => cluster.operator.run(...args, '--auto-approve');
  const stackFolder = (stack: string) => join(checkout, 'cdktf.out/stacks', stack);
  const stacksOf = () => calls.map(({ args }) => args[1]);
  const startApi = async () => void (api = await cluster.startApi());
  /** Whoever asks before it is opened gets nothing of use. */
  const startClosedApi = async () => {
    let asked = 0;
    api = await cluster.startApi(() => (asked++ === 0 ? { status: 503, body: '' } : { body: 'ok' }));
  };

  async function openings(): Promise<string[]> {
    const firewalls: { name: string; inbound_rules: { sources: { addresses: string[] } }[] }[] =
      await cluster.cloud.api.get('/v2/firewalls');
    return firewalls.flatMap(({ inbound_rules }) => inbound_rules.flatMap(({ sources }) => sources.addresses));
  }

  function synthesised(stack: string): void {
    mkdirSync(stackFolder(stack), { recursive: true });
    for (const name of [...SECRET_FILES, 'cdk.tf.json']) writeFileSync(join(stackFolder(stack), name), 'planted');
  }

  it('deploys the three stacks in their order, whatever the order of their names', async () => {
    await startApi();
    expect(await deploy()).toMatchObject({ code: 0, stdout: 'Deployed: network, cluster, github-secrets\n' });
    expect(stacksOf()).toEqual(['network', 'cluster', 'github-secrets']);
    for (const { args } of calls) expect(args).toEqual(expect.arrayContaining(['deploy', '--auto-approve']));
    calls.length = 0;
    await deploy('github-secrets', 'network');
    expect(stacksOf()).toEqual(['network', 'github-secrets']);
  });

  it('refuses before anything is deployed when the bucket of the snapshots is gone, as after a destroy', async () => {
    await startApi();
    await cluster.operator.spaces.client().send(new DeleteBucketCommand({ Bucket: snapshots }));
    const said = `${snapshots}, does not exist: no server would start. Make it: npx forge bootstrap`;
    expect(await deploy()).toMatchObject({ code: 1, output: expect.stringContaining(said) as string });
    expect(calls).toEqual([]);
    // Machines are the network's.
    expect(await deploy('cluster')).toMatchObject({ code: 0 });
  });

  it('copies the states for plans after each stack, also after one that failed', async () => {
    await startApi();
    const { put, spaces } = cluster.operator;
    const Key = STATE_KEYS.cluster;
    const copied = async () => {
      const { Body } = await spaces.client().send(new GetObjectCommand({ Bucket: plans, Key }));
      return (JSON.parse(await Body!.transformToString()) as { serial: number }).serial;
    };
    const seen: number[] = [];
    cdktf = async (stack) => {
      seen.push(await copied());
      await put(Key, { ...networkState, serial: 40 + seen.length });
      return { code: stack === 'cluster' ? 1 : 0, output: '' };
    };
    expect(await deploy()).toMatchObject({ code: 1 });
    expect([...seen, await copied()]).toEqual([0, 41, 42]);
  });

  it('says why a stack failed also when the states cannot be copied then', async () => {
    cdktf = () => {
      cluster.operator.env['SPACES_SECRET_ACCESS_KEY'] = 'another';
      return { code: 1, output: '' };
    };
    const { code, output } = await deploy('network');
    expect([code, output]).toEqual([1, expect.stringMatching(/is not the secret[^]*cdktf deploy network failed/)]);
  });

  it('deploys nothing where there is no bucket for them', async () => {
    await cluster.operator.spaces.client().send(new DeleteBucketCommand({ Bucket: plans }));
    expect(await deploy()).toMatchObject({ code: 1, output: expect.stringContaining('npx forge bootstrap') as string });
    expect(calls).toEqual([]);
  });

  it('opens the API for what is behind it only, to this machine, and closes it', async () => {
    await startClosedApi();
    const { code, output } = await deploy();
    expect([code, output]).toEqual([0, expect.stringMatching(/Open to 127\.0\.0\.1 until .*Closed\./s)]);
    expect(calls.map(({ open }) => open)).toEqual([[], ['127.0.0.1/32'], ['127.0.0.1/32']]);
    expect(await openings()).toEqual([]);
  });

  it('opens nothing where the API answers already', async () => {
    await startApi();
    expect((await deploy('cluster')).code).toBe(0);
    expect(calls.map(({ open }) => open)).toEqual([[]]);
  });

  it('closes old openings before anything else', async () => {
    await cluster.cloud.api.post('/v2/firewalls', firewall({ name: OLD_OPENING }));
    expect((await deploy('network')).output).toContain('Removed, as its time is over: 192.0.2.0/24');
    expect(calls.map(({ open }) => open)).toEqual([[]]);
  });

  it('leaves no file with a secret behind', async () => {
    await deploy('network');
    expect(readdirSync(stackFolder('network'))).toEqual(['cdk.tf.json']);
  });

  it('stops at a stack that fails, closes, removes the secrets, and says what was not begun', async () => {
    await startClosedApi();
    cdktf = (stack) => ({ code: stack === 'cluster' ? 1 : 0, output: '' });
    const { code, output } = await deploy();
    expect([code, output]).toEqual([1, expect.stringContaining('cdktf deploy cluster failed, see above')]);
    expect(output).toContain('Not begun: github-secrets.');
    expect(stacksOf()).toEqual(['network', 'cluster']);
    expect(await openings()).toEqual([]);
    for (const stack of ['network', 'cluster']) expect(readdirSync(stackFolder(stack))).toEqual(['cdk.tf.json']);
  });

  it('closes and removes the secrets when it is interrupted while it waits for the API', async () => {
    api = await cluster.startApi(() => ({ status: 503, body: '' }));
    const running = deploy();
    while ((await openings()).length === 0) await sleep(50);
    await sleep(500);
    process.emit('SIGINT');
    expect(await running).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Closed\.\nInterrupted\. It can be run again\.\n$/),
    });
    expect(await openings()).toEqual([]);
    expect(readdirSync(stackFolder('network'))).toEqual(['cdk.tf.json']);
  });

  it('names who holds the state, and how to take that back when it is over', async () => {
    cdktf = () => ({ code: 1, output: '' });
    await cluster.operator.put(LOCK_KEY, LOCK);
    expect((await deploy('network')).output).toContain(
      `\nIf that run is over: npx forge state unlock network --id ${LOCK.ID}\n`,
    );
  });

  it('names a state that could not be written, and leaves it', async () => {
    const left = join(stackFolder('network'), 'errored.tfstate');
    cdktf = () => {
      writeFileSync(left, 'state');
      return { code: 1, output: '' };
    };
    expect((await deploy('network')).output).toContain(`it is in ${left}`);
    expect(existsSync(left)).toBe(true);
  });

  it('names everything that is missing before it begins', async () => {
    const { env } = cluster.operator;
    const key = env['SPACES_SECRET_ACCESS_KEY'];
    for (const name of ['SPACES_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'BACKUP_PASSWORD']) env[name] = '';
    const { code, output } = await deploy();
    expect([code, output]).toEqual([
      2,
      expect.stringContaining('lacks SPACES_SECRET_ACCESS_KEY, GITHUB_TOKEN, BACKUP_PASSWORD.'),
    ]);
    env['SPACES_SECRET_ACCESS_KEY'] = key;
    expect((await deploy('network')).output).not.toContain('lacks');
    expect(stacksOf()).toEqual(['network']);
  });

  it('deploys nothing unasked where nobody can be asked', async () => {
    expect(await cluster.operator.run('network')).toMatchObject({
      code: 2,
      output: expect.stringContaining('Give --auto-approve'),
    });
    expect(calls).toEqual([]);
  });

  it('lets CDKTF ask the person at the keyboard', async () => {
    await cluster.operator.runAnswering(() => Promise.reject(new Error('not asked by forge')), 'network');
    expect(calls.map(({ args }) => args)).toEqual([['deploy', 'network', '--ignore-missing-stack-dependencies']]);
  });

  it('refuses a stack that is not there', async () => {
    expect(await deploy('databases')).toMatchObject({ code: 2, output: expect.stringContaining('network, cluster') });
  });
});
