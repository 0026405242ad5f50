/** @jest-environment <rootDir>/test/chain.cjs */
import type { KubernetesClient } from '#clients/kubernetes/client';
import { plot, type Plot } from '../droplets';
import { createDeployment, isReady, podsOf, type Node } from '../objects';
import { pkiFiles } from '../k3s/pki-files';
import { apiOf, eventually, forwardApi, openSandbox, type RunningSandbox } from '../running-sandbox';

jest.setTimeout(240_000);

const NODES = '/api/v1/nodes';

describe('a lost single server', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;
  const replacement = (id: number) => ({ ...cluster.server(1), id });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'kept' }, stringData: { value: 'before' } };

  beforeAll(async () => {
    cluster = plot(await pkiFiles(), 2);
    sandbox = await openSandbox();
    await forwardApi(sandbox, cluster, 1);
    await sandbox.runtime.boot(cluster.server(1));
    await sandbox.runtime.boot(cluster.worker(1));
    await sandbox.runtime.boot(cluster.worker(2));
    await sandbox.settled();
    api = await apiOf(cluster);
  });
  afterAll(() => sandbox.close());

  it('has saved its state where its configuration says', async () => {
    await createDeployment(api, 'web', 2);
    await api.create('/api/v1/namespaces/default/secrets', secret);
    await eventually(async () => (await podsOf(api, 'web')).filter(isReady).length === 2);
    const [name] = await sandbox.runtime.snapshot();
    expect(sandbox.spaces.objects()).toContain(`forge-test/${name}`);
    expect(name).toMatch(/^etcd-snapshot-forge-test-server-1-1001-\d+$/);
    // The snapshot does not know it.
    await sandbox.runtime.boot(cluster.worker(4));
    await sandbox.settled();
  });

  it('is not replaced by a new cluster while the snapshots cannot be listed', async () => {
    // In good order, so that nobody has to wait for its sign of life to grow old.
    await sandbox.runtime.shutDown(1001);
    expect(sandbox.spaces.objects().join()).not.toContain('.alive');
    await sandbox.runtime.destroy(1001);
    sandbox.spaces.open = false;
    await sandbox.runtime.boot(replacement(1002));
    await eventually(() => expect(sandbox.status(1002).reason).toContain('Not knowing whether'));
    expect(sandbox.status(1002).state).toBe('booting');
    await sandbox.runtime.destroy(1002);
    sandbox.spaces.open = true;
  });

  it('does not come back without the token of then', async () => {
    await sandbox.runtime.boot({ ...cluster.server(1, { serverPassword: 'another' }), id: 1003 });
    await sandbox.settled();
    expect(sandbox.status(1003).reason).toContain('encrypted with another server token');
    await sandbox.runtime.destroy(1003);
  });

  it('comes back with the state of the snapshot, and the nodes of today', async () => {
    await sandbox.runtime.destroy(1052);
    await sandbox.runtime.boot(replacement(1004));
    await sandbox.runtime.boot(cluster.worker(3));
    await sandbox.settled();
    expect(sandbox.runtime.status().droplets.every(({ state }) => state === 'running')).toBe(true);
    const kept = await api.get<{ data: { value: string } }>('/api/v1/namespaces/default/secrets/kept');
    expect(Buffer.from(kept!.data.value, 'base64').toString()).toBe('before');
    await eventually(async () => {
      const nodes = await api.list<Node>(NODES);
      expect(nodes.filter(isReady).map(({ metadata }) => metadata.name)).toEqual([
        'forge-test-main-g1-1-1051',
        'forge-test-main-g1-3-1053',
        'forge-test-main-g1-4-1054',
        'forge-test-server-1-1004',
      ]);
      const silent = nodes.filter(({ metadata }) => !metadata.annotations?.['forge/k3s-certificates-end']);
      expect(silent).toEqual([]);
    });
  });

  it('works on as before', async () => {
    await api.patch('/apis/apps/v1/namespaces/default/deployments/web', { spec: { replicas: 4 } });
    await eventually(async () => {
      const pods = await podsOf(api, 'web');
      expect(pods.filter(isReady)).toHaveLength(4);
      expect(pods.map(({ spec }) => spec.nodeName)).not.toContain('forge-test-main-g1-2-1052');
    });
  });

  it('is as it was after the whole sandbox was stopped and started', async () => {
    await sandbox.restart();
    expect(sandbox.processes()).toEqual([]);
    await forwardApi(sandbox, cluster, 1);
    for (const droplet of [cluster.worker(1), cluster.worker(3), cluster.worker(4), replacement(1004)])
      await sandbox.runtime.boot(droplet);
    await sandbox.settled();
    expect(sandbox.runtime.status().droplets.every(({ state }) => state === 'running')).toBe(true);
    expect((await podsOf(api, 'web')).filter(isReady)).toHaveLength(4);
    const kept = await api.get<{ data: { value: string } }>('/api/v1/namespaces/default/secrets/kept');
    expect(Buffer.from(kept!.data.value, 'base64').toString()).toBe('before');
    await api.patch('/apis/apps/v1/namespaces/default/deployments/web', { spec: { replicas: 1 } });
    await eventually(async () => (await podsOf(api, 'web')).length === 1);
  });
});

describe('a single server that is lost before its schedule asks for a snapshot', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'first-deploy' }, stringData: { value: 'x' } };

  beforeAll(async () => {
    cluster = plot(await pkiFiles(), 4);
    sandbox = await openSandbox();
    await forwardApi(sandbox, cluster, 1);
    await sandbox.runtime.boot(cluster.server(1));
    await eventually(() => expect(sandbox.status(1001).reason).toContain('API server'));
    sandbox.spaces.open = false;
    await sandbox.settled();
    api = await apiOf(cluster);
  });

  it('has saved one by itself, after as many attempts as it took', async () => {
    const attempts = () => sandbox.log.filter((line) => line === 'forge-test-server-1: Access Denied').length;
    await eventually(() => expect(attempts()).toBeGreaterThan(0));
    await api.create('/api/v1/namespaces/default/secrets', secret);
    // The one that is under way may have read etcd before.
    const before = attempts();
    await eventually(() => expect(attempts()).toBeGreaterThan(before + 1));
    sandbox.spaces.open = true;
    await eventually(() => expect(sandbox.spaces.objects().join()).toContain('etcd-snapshot-forge-test-server-1-1001'));
  });

  it('comes back with its objects', async () => {
    await sandbox.runtime.destroy(1001);
    await sandbox.runtime.boot({ ...cluster.server(1), id: 1002 });
    await sandbox.settled();
    expect(await api.get('/api/v1/namespaces/default/secrets/first-deploy')).toBeDefined();
  });

  it('saves no further one when k3s starts again', async () => {
    await eventually(() => expect(sandbox.spaces.objects().join()).toContain('-server-1-1002-'));
    const snapshots = () => sandbox.spaces.objects().filter((key) => !key.includes('.alive'));
    const before = snapshots();
    await sandbox.restart();
    await forwardApi(sandbox, cluster, 1);
    await sandbox.runtime.boot({ ...cluster.server(1), id: 1002 });
    await sandbox.settled();
    expect(snapshots()).toEqual(before);
  });
});
