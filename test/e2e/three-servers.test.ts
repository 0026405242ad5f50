/** Three servers: an API server and an etcd member each, behind one address that survives the loss of one. */
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

  it('goes on when a server is lost, and takes its replacement in', async () => {
    const lost = 'digitalocean_droplet.server_2';
    const { code, text } = await test.terraform(test.stackFolder('network'), [
      'destroy',
      '-auto-approve',
      `-target=${lost}`,
    ]);
    expect([code, code === 0 ? '' : text]).toEqual([0, '']);
    expect((await test.kubectl('admin', ['get', 'nodes'])).code).toBe(0);
    expect(await test.list('nodes')).toHaveLength(4);

    await test.deploy('network');
    await test.nodesReady();
    const nodes = await test.list('nodes');
    expect(nodes.filter(({ metadata }) => (metadata.name as string).includes('-server-2-'))).toHaveLength(1);
    expect(nodes).toHaveLength(5);
  });
});
