/** @jest-environment <rootDir>/test/chain.cjs */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shownCertificate } from '#sandbox/cluster/control-plane/api-probe';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { plot, type Plot } from './droplets';
import { createDeployment, isReady, podsOf, type Node } from './objects';
import { pkiFiles } from './k3s/pki-files';
import { apiOf, accessTo, eventually, forwardApi, getOnce, openSandbox, type RunningSandbox } from './running-sandbox';

jest.setTimeout(240_000);

const NODES = '/api/v1/nodes';

describe('a cluster of three servers', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;

  beforeAll(async () => {
    cluster = plot(await pkiFiles(), 1, 3);
    sandbox = await openSandbox();
    await forwardApi(sandbox, cluster, 5);
    // The joiners are there before anything answers.
    for (const number of [3, 2, 1]) await sandbox.runtime.boot(cluster.server(number));
    await sandbox.runtime.boot(cluster.worker(1));
    await sandbox.settled();
    api = await apiOf(cluster);
  });
  const readyNodes = async () => (await api.list<Node>(NODES)).filter(isReady).map(({ metadata }) => metadata.name);
  const run = (droplet: number, program: string) =>
    sandbox.processes().find(({ command }) => command.includes(`droplets/${droplet}/`) && command.includes(program));

  const running = (id: number) => eventually(() => sandbox.status(id).state === 'running');
  const ownsAddress = (id: number) => existsSync(join(sandbox.folder, `droplets/${id}/run/routes`, cluster.apiAddress));
  /** What goes wrong with requests to the API, each with a connection of its own, while something is done. */
  const failuresWhile = async (work: () => Promise<void>): Promise<string[]> => {
    const endpoint = await accessTo(cluster, cluster.apiAddress, 6443);
    const failures: string[] = [];
    let done = false;
    const worked = work().finally(() => (done = true));
    let asked = 0;
    for (; !done; asked++) {
      await getOnce(endpoint, '/readyz').then(
        ({ status }) => status === 200 || failures.push(`${status}`),
        (error: Error) => failures.push(error.message),
      );
    }
    await worked;
    expect(asked).toBeGreaterThan(3);
    return failures;
  };

  it('comes up with an API server and an etcd member on each', async () => {
    expect(sandbox.runtime.status().droplets.map(({ state }) => state)).toEqual(Array(4).fill('running'));
    expect(await readyNodes()).toEqual([
      'forge-test-main-g1-1-1051',
      'forge-test-server-1-1001',
      'forge-test-server-2-1002',
      'forge-test-server-3-1003',
    ]);
    for (const id of [1001, 1002, 1003]) {
      for (const program of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
        expect(run(id, program)).toBeDefined();
      }
    }
  });

  it('spreads the connections over all of them, which own its address', async () => {
    expect([1001, 1002, 1003].map(ownsAddress)).toEqual([true, true, true]);
    const shown = new Set<string>();
    for (let count = 0; count < 6; count++)
      shown.add((await shownCertificate(cluster.apiAddress, 6443))!.fingerprint256);
    expect(shown.size).toBe(3);
  });

  it('names all three as its API inside the cluster', async () => {
    await eventually(async () => {
      const endpoints = await api.get<{ endpoints: { addresses: string[] }[] }>(
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes',
      );
      expect(endpoints?.endpoints.flatMap(({ addresses }) => addresses).sort()).toEqual([
        '10.20.0.1',
        '10.20.0.2',
        '10.20.0.3',
      ]);
    });
  });

  it('refuses a server with the workers’ token, and one that differs in what must be equal', async () => {
    const hash = /CA_HASH=(\w+)/.exec(cluster.server(1).userData)![1]!;
    await sandbox.runtime.boot(cluster.server(4, { joinToken: `K10${hash}::server:not-the-password` }));
    await sandbox.runtime.boot(cluster.server(5, { clusterCidr: '10.99.0.0/16', agentPassword: 'another' }));
    await sandbox.settled();
    expect(sandbox.status(1004).reason).toContain("its password is not that of the servers' token");
    expect(sandbox.status(1005).reason).toContain('other values for: agent-token, cluster-cidr');
    await sandbox.runtime.destroy(1004);
    await sandbox.runtime.destroy(1005);
  });

  it('gets no request for a server that has the address before it is a member: it only asks itself', async () => {
    const { userData, ...early } = cluster.server(4);
    await sandbox.runtime.boot({ ...early, userData: userData.replace('Type=notify', 'Type=exec') });
    await eventually(() => expect(ownsAddress(1004)).toBe(true));
    expect(await failuresWhile(() => sandbox.runtime.boot(cluster.server(5)).then(() => running(1005)))).toEqual([]);
    expect(sandbox.status(1004)).toMatchObject({
      state: 'booting',
      reason: `Waiting for the cluster at https://${cluster.apiAddress}:6443.`,
    });
    for (const id of [1004, 1005]) await sandbox.runtime.destroy(id);
  });

  it('survives the loss of its first server', async () => {
    process.kill(run(1001, 'kube-apiserver')!.pid, 'SIGKILL');
    process.kill(run(1001, 'etcd ')!.pid, 'SIGKILL');
    await eventually(() => sandbox.status(1001).state === 'failed');
    await eventually(() => expect(ownsAddress(1001)).toBe(false));
    await eventually(() => createDeployment(api, 'after-the-loss', 2));
    await eventually(async () => (await podsOf(api, 'after-the-loss')).filter(isReady).length === 2);
  });

  it('forgets a destroyed server, and takes its replacement in', async () => {
    await sandbox.runtime.destroy(1001);
    await eventually(async () => expect(await readyNodes()).not.toContain('forge-test-server-1-1001'));
    // A new first server with the same user data must not start a cluster of its own.
    const replacement = { ...cluster.server(1), id: 1004, publicAddress: cluster.server(4).publicAddress };
    expect(await failuresWhile(() => sandbox.runtime.boot(replacement).then(() => running(1004)))).toEqual([]);
    expect(ownsAddress(1004)).toBe(true);
    expect(sandbox.status(1004)).toEqual({ id: 1004, name: 'forge-test-server-1', role: 'server', state: 'running' });
    expect(await podsOf(api, 'after-the-loss')).toHaveLength(2);
    await sandbox.runtime.destroy(1002);
    await eventually(async () => expect(await readyNodes()).toContain('forge-test-server-1-1004'));
  });
});
