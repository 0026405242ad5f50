/**
 * Three servers: an API server and an etcd member each, behind one address that survives the loss of one.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanFile } from '#cli/plan/plan-file';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

jest.setTimeout(180_000);

describe('a cluster of three servers', () => {
  let test: TestSandbox;

  beforeAll(async () => {
    test = await startTestSandbox(3);
    await test.deploy('network');
    await test.nodesReady();
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  /**
   * What kubectl, which comes through the load balancer, says of requests that fail meanwhile. Not of /readyz: a server that
   * shuts down answers what has reached it, and of itself says that it is not ready.
   */
  const refusedWhile = async (work: Promise<void>): Promise<string[]> => {
    const refused: string[] = [];
    let done = false;
    const worked = work.finally(() => (done = true));
    while (!done) {
      const { code, text } = await test.kubectl('admin', ['get', '--raw', '/api/v1/namespaces/default']);
      if (code !== 0) refused.push(text);
    }
    await worked;
    return refused;
  };

  it('has three control plane nodes and its workers', async () => {
    const nodes = await test.list('nodes');
    const servers = nodes.filter(({ metadata }) => 'node-role.kubernetes.io/control-plane' in metadata.labels);
    expect(servers).toHaveLength(3);
    expect(nodes).toHaveLength(5);
  });

  it('is reached through the load balancer', async () => {
    const { text } = await test.forge(['state', 'outputs', 'network', '--json']);
    const address = (JSON.parse(text.slice(text.indexOf('{'))) as Record<string, { value: string }>)['api_address']!
      .value;
    expect((await test.kubectl('admin', ['cluster-info'])).text).toContain(`https://${address}:6443`);
  });

  const dropletOf = async (server: string) =>
    (await test.held('droplets')).find(({ name }) => name.endsWith(server)).id as number;
  const replaced = async () => {
    await test.deploy('network');
    await test.nodesReady();
  };
  const hasOnly = async (server: string) => {
    const nodes = await test.list('nodes');
    expect(nodes.filter(({ metadata }) => (metadata.name as string).includes(`-${server}-`))).toHaveLength(1);
    expect(nodes).toHaveLength(5);
  };

  it('goes on when a server is lost, and takes its replacement in', async () => {
    // Not by Terraform: servers depend on the one before, and a targeted destroy takes along what depends on its target.
    await test.cloud.delete(`/v2/droplets/${await dropletOf('server-2')}`);
    expect((await test.kubectl('admin', ['get', 'nodes'])).code).toBe(0);
    expect(await test.list('nodes')).toHaveLength(4);
    expect(await refusedWhile(replaced())).toEqual([]);
    await hasOnly('server-2');
  });

  const plans = () => join(test.folder, 'plans');
  const planned = () => test.forge(['plan', 'run', '--stack', 'network', '--out', plans(), '--errors', plans()]);
  const refusal = async () => {
    const { code, text } = await planned();
    expect([code, text]).toEqual([1, expect.stringContaining('network: cannot be planned')]);
    return readFileSync(join(plans(), 'network.log'), 'utf8');
  };

  it('is not planned with several servers made anew at once', async () => {
    test.configure(['servers', 'generation'], 3);
    expect(await refusal()).toContain('This would destroy 2 of 3 servers');
  });

  it('gets new join tokens without a change of its machines, and not while one of them is made anew', async () => {
    test.configure(['servers', 'generation'], 2);
    test.configure(['rotation', 'joinTokens'], 2);
    expect(await refusal()).toMatch(/neither join nor restore a snapshot: digitalocean_droplet\.server_1\.\n/);
    test.configure(['servers', 'generation'], 1);
    expect(await planned()).toMatchObject({ code: 0 });
    const { resource_changes: all } = JSON.parse(readFileSync(join(plans(), 'network.json'), 'utf8')) as PlanFile;
    const changed = all!.filter(({ change }) => !['no-op', 'read'].includes(change.actions.join()));
    expect(changed.map(({ address }) => address).sort()).toEqual([
      'random_password.join_agent',
      'random_password.join_server',
      'terraform_data.join_generation',
    ]);
    test.configure(['rotation', 'joinTokens'], 1);
  });

  // It alone could also restore a snapshot or start anew: beside the others it must do neither.
  it('has its first server made anew by a raised generation, and goes on meanwhile', async () => {
    const before = await dropletOf('server-1');
    test.configure(['servers', 'generation'], 2);
    expect(await refusedWhile(replaced())).toEqual([]);
    expect(await dropletOf('server-1')).not.toBe(before);
    await hasOnly('server-1');
  });
});
