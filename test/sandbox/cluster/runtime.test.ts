import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { K3S, plot, type Plot } from './droplets';
import { createDeployment, createJob, isReady, podsOf, type Node, type Pod } from './objects';
import { authorityPair, pkiFiles, withFile } from './k3s/pki-files';
import { apiOf, accessTo, eventually, forwardApi, getOnce, openSandbox, type RunningSandbox } from './running-sandbox';

jest.setTimeout(180_000);

const NODES = '/api/v1/nodes';
const NEWER = 'v1.37.1+k3s1';

describe('a cluster of one server and two workers', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;

  beforeAll(async () => {
    cluster = plot(await pkiFiles());
    sandbox = await openSandbox(new Map([K3S.version, NEWER].map((version) => [version, K3S.sha256])));
    // As Terraform may do it: workers first, the reserved IP last.
    await sandbox.runtime.boot(
      cluster.worker(1, { labels: { 'forge/pool': 'main' }, taints: ['dedicated=ci:PreferNoSchedule'] }),
    );
    await sandbox.runtime.boot(cluster.worker(2));
    await sandbox.runtime.boot(cluster.server(1));
    await forwardApi(sandbox, cluster, 1);
    api = await apiOf(cluster);
    await sandbox.settled();
  });
  const node = async (name: string) => (await api.get<Node>(`${NODES}/${name}`))!;
  const firstPod = async (app: string): Promise<Pod | undefined> => (await podsOf(api, app))[0];

  it('comes up', () => {
    expect(sandbox.runtime.status().droplets).toEqual([
      { id: 1051, name: 'forge-test-main-g1-1', role: 'worker', state: 'running' },
      { id: 1052, name: 'forge-test-main-g1-2', role: 'worker', state: 'running' },
      { id: 1001, name: 'forge-test-server-1', role: 'server', state: 'running' },
    ]);
  });

  it('has Ready nodes that look like their droplets', async () => {
    const worker = await node('forge-test-main-g1-1-1051');
    expect(isReady(worker)).toBe(true);
    expect(worker.metadata.labels).toMatchObject({
      'forge/pool': 'main',
      'kubernetes.io/hostname': 'forge-test-main-g1-1-1051',
      'node.kubernetes.io/instance-type': 's-2vcpu-4gb',
      'topology.kubernetes.io/region': 'fra1',
    });
    expect(worker.spec).toMatchObject({ providerID: 'digitalocean://1051' });
    expect(worker.spec.taints).toContainEqual({ key: 'dedicated', value: 'ci', effect: 'PreferNoSchedule' });
    expect(worker.status.capacity).toMatchObject({ cpu: '2', memory: '4Gi', pods: '110' });
    expect(worker.status.allocatable).toMatchObject({ memory: '3996Mi' });
    expect(worker.status.nodeInfo.kubeletVersion).toBe('v1.36.4+k3s1');
    expect(worker.status.addresses).toContainEqual({ type: 'InternalIP', address: '10.20.0.51' });
    expect(worker.status.addresses).toContainEqual({ type: 'ExternalIP', address: cluster.worker(1).publicAddress });
  });

  it('keeps workloads off the server', async () => {
    const server = await node('forge-test-server-1-1001');
    expect(server.metadata.labels).toMatchObject({
      'node-role.kubernetes.io/control-plane': 'true',
      'node-role.kubernetes.io/etcd': 'true',
    });
    expect(server.spec.taints).toContainEqual({ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' });
  });

  it('runs pods on the workers, with addresses of the pod network', async () => {
    await createDeployment(api, 'web', 4);
    await eventually(async () => expect((await podsOf(api, 'web')).filter(isReady)).toHaveLength(4));
    const pods = await podsOf(api, 'web');
    expect(pods.map(({ spec }) => spec.nodeName)).not.toContain('forge-test-server-1-1001');
    expect(pods.every(({ status }) => status.podIP?.startsWith('10.42.'))).toBe(true);
  });

  it('makes a pod ready again that was marked while its node was silent', async () => {
    const { metadata, status } = (await firstPod('web'))!;
    const marked = status.conditions?.map((one) => (one.type === 'Ready' ? { ...one, status: 'False' } : one));
    await api.patch(`/api/v1/namespaces/default/pods/${metadata.name}/status`, { status: { conditions: marked } });
    await eventually(async () => expect((await podsOf(api, 'web')).filter(isReady)).toHaveLength(4));
  });

  it('answers for the logs of a pod, to the API server only', async () => {
    const pod = (await firstPod('web'))!;
    const read = async (host: string, port: number, path: string, commonName: string, organization: string) =>
      getOnce(await accessTo(cluster, host, port, { commonName, organization }), path);
    const log = `/api/v1/namespaces/default/pods/${pod.metadata.name}/log`;
    const { body } = await read(cluster.apiAddress, 6443, log, 'tester', 'system:masters');
    expect(body).toContain('no container runs here');
    const kubelet = cluster.worker(1).publicAddress;
    await expect(read(kubelet, 10250, '/pods', 'forge-operator', 'forge:operators')).rejects.toThrow('socket hang up');
  });

  it('completes Jobs', async () => {
    await createJob(api, 'migrate');
    await eventually(async () => expect((await firstPod('migrate'))?.status.phase).toBe('Succeeded'));
    await eventually(async () => {
      const job = await api.get<{ status: { succeeded?: number } }>('/apis/batch/v1/namespaces/default/jobs/migrate');
      expect(job?.status.succeeded).toBe(1);
    });
  });

  it('shows an image that cannot be pulled', async () => {
    await createDeployment(api, 'no-image', 1, { 'forge.sandbox/fault': 'image-pull' });
    const waiting = async () => (await firstPod('no-image'))?.status.containerStatuses?.[0]?.state.waiting;
    await eventually(async () => expect((await waiting())?.reason).toBe('ErrImagePull'));
    expect((await waiting())?.message).toContain('failed to resolve reference "registry.example/app:1.0"');
    await eventually(async () => expect((await waiting())?.reason).toBe('ImagePullBackOff'));
    expect((await firstPod('no-image'))?.status.phase).toBe('Pending');
  });

  it('shows a crash loop', async () => {
    await createDeployment(api, 'crashing', 1, {
      'forge.sandbox/fault': 'crash-loop',
      'forge.sandbox/fault-after': '100ms',
    });
    await eventually(async () => {
      const container = (await firstPod('crashing'))?.status.containerStatuses?.[0];
      expect(container?.state.waiting?.reason).toBe('CrashLoopBackOff');
      expect(container?.restartCount).toBeGreaterThan(0);
      expect(container?.lastState?.terminated?.exitCode).toBe(1);
    });
    await eventually(async () => {
      expect((await firstPod('crashing'))?.status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(1);
    });
  });

  it('shows a program that takes its time to become ready', async () => {
    await createDeployment(api, 'slow', 1, { 'forge.sandbox/fault': 'slow-start', 'forge.sandbox/fault-after': '2s' });
    await eventually(async () => expect((await firstPod('slow'))?.status.phase).toBe('Running'));
    expect(isReady((await firstPod('slow'))!)).toBe(false);
    await eventually(async () => isReady((await firstPod('slow'))!));
  });

  it('keeps Secrets encrypted on the disk, and nothing that others could read', async () => {
    const object = (kind: string, value: object) => ({
      apiVersion: 'v1',
      kind,
      metadata: { name: 'marker' },
      ...value,
    });
    await api.create(
      '/api/v1/namespaces/default/secrets',
      object('Secret', { stringData: { value: 'marker-of-a-secret' } }),
    );
    await api.create(
      '/api/v1/namespaces/default/configmaps',
      object('ConfigMap', { data: { value: 'marker-in-the-open' } }),
    );
    const files = filesUnder(sandbox.folder);
    const holding = (text: string) => files.filter((file) => readFileSync(file).includes(text));
    expect(holding('marker-in-the-open')).not.toEqual([]);
    expect(holding('marker-of-a-secret')).toEqual([]);
    const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0);
    // A program, and what kubectl keeps of the API's description.
    const harmless = /\/usr\/local\/bin\/k3s$|\/run\/forge\/kubectl\//;
    expect(open.filter((file) => !harmless.test(file))).toEqual([]);
  });

  it('writes the audit log that its configuration asks for', () => {
    const log = join(sandbox.folder, 'droplets/1001/var/lib/rancher/k3s/server/logs/audit.log');
    expect(readFileSync(log, 'utf8')).toContain('"username":"tester"');
  });

  it('lets nobody in without a certificate of its own authority', async () => {
    const stranger = withFile(withFile(cluster.pki, 'client-ca.crt', ''), 'client-ca.key', '');
    const { certificate, key } = await authorityPair('k3s-client-ca');
    const other = { ...cluster, pki: withFile(withFile(stranger, 'client-ca.crt', certificate), 'client-ca.key', key) };
    const outsider = await apiOf(other);
    await expect(outsider.list(NODES)).rejects.toThrow('Unauthorized');
  });

  it('lets no worker in with a wrong token: it waits', async () => {
    const hash = cluster.server(1).userData.match(/CA_HASH=(\w+)/)![1]!;
    await sandbox.runtime.boot(cluster.worker(3, { token: `K10${hash}::node:not-the-password` }));
    await sandbox.runtime.boot(cluster.worker(4, { token: `K10${'0'.repeat(64)}::node:whatever` }));
    const reasons = { 1053: "do not take this worker's token", 1054: 'belongs to another cluster' };
    for (const [id, reason] of Object.entries(reasons)) {
      await eventually(() => expect(sandbox.status(Number(id)).reason).toContain(reason));
      expect(sandbox.status(Number(id)).state).toBe('booting');
    }
    expect(await api.list(NODES)).toHaveLength(3);
    await Promise.all([sandbox.runtime.destroy(1053), sandbox.runtime.destroy(1054)]);
  });

  it('has a worker with a newer k3s wait until the server is upgraded', async () => {
    const { userData, ...droplet } = cluster.worker(8);
    const upgradeServer = (kubeletVersion: string) =>
      api.patch(`${NODES}/forge-test-server-1-1001/status`, { status: { nodeInfo: { kubeletVersion } } });
    await sandbox.runtime.boot({ ...droplet, userData: userData.replaceAll(K3S.version, NEWER) });
    const reason = `Waiting until all servers run at least k3s ${NEWER}: the oldest has ${K3S.version}.`;
    await eventually(() => expect(sandbox.status(1058).reason).toBe(reason));
    await upgradeServer(NEWER);
    await eventually(() => expect(sandbox.status(1058).state).toBe('running'));
    await sandbox.runtime.destroy(1058);
    await upgradeServer(K3S.version);
  });

  it('changes a node with the size of its droplet', async () => {
    const size = { slug: 's-4vcpu-8gb', vcpus: 4, memoryMiB: 8192, diskGiB: 160 };
    await sandbox.runtime.shutDown(1052);
    await sandbox.runtime.boot({ ...cluster.worker(2), size });
    await sandbox.settled();
    const { metadata, status } = await node('forge-test-main-g1-2-1052');
    expect(metadata.labels['node.kubernetes.io/instance-type']).toBe('s-4vcpu-8gb');
    expect(status.capacity).toMatchObject({ cpu: '4', memory: '8Gi' });
  });

  it('moves the pods of a lost worker, and forgets its node', async () => {
    await sandbox.runtime.destroy(1052);
    expect((await api.list<Node>(NODES)).map(({ metadata }) => metadata.name)).not.toContain(
      'forge-test-main-g1-2-1052',
    );
    await eventually(async () => {
      const pods = await podsOf(api, 'web');
      expect(pods.filter(isReady).map(({ spec }) => spec.nodeName)).toEqual(Array(4).fill('forge-test-main-g1-1-1051'));
      expect(pods).toHaveLength(4);
    });
  });

  it('fails as a whole when one of its processes ends, and says which', async () => {
    const scheduler = sandbox.processes().find(({ command }) => command.includes('kube-scheduler'))!;
    process.kill(scheduler.pid, 'SIGKILL');
    await eventually(() => sandbox.status(1001).state === 'failed');
    expect(sandbox.status(1001).reason).toContain('kube-scheduler was ended by SIGKILL');
    await eventually(() => sandbox.processes().every(({ command }) => !command.includes('droplets/1001/')));
  });

  it('leaves nothing behind when its droplets are destroyed', async () => {
    await Promise.all([sandbox.runtime.destroy(1001), sandbox.runtime.destroy(1051)]);
    expect(sandbox.processes()).toEqual([]);
    expect(readdirSync(join(sandbox.folder, 'droplets'))).toEqual([]);
    await expect(opens(cluster.server(1).publicAddress, 6443)).rejects.toThrow('ECONNREFUSED');
  });
});

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function opens(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
