import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { plot, type Plot } from '../droplets';
import { createDaemonSet, createDeployment, isReady, podsOf, type Node } from '../objects';
import { pkiFiles } from '../k3s/pki-files';
import { apiOf, eventually, forwardApi, openSandbox, type RunningSandbox } from '../running-sandbox';

jest.setTimeout(180_000);

const FIRST = 'forge-test-main-g1-1-1051';
const SECOND = 'forge-test-main-g1-2-1052';

/** The worker's own script with its own credentials, against a real API server with its admission and authorization. */
describe('a worker that shuts down', () => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  let api: KubernetesClient;

  beforeAll(async () => {
    cluster = plot(await pkiFiles());
    sandbox = await openSandbox();
    for (const droplet of [cluster.server(1), cluster.worker(1), cluster.worker(2)])
      await sandbox.runtime.boot(droplet);
    await forwardApi(sandbox, cluster, 1);
    api = await apiOf(cluster);
    await sandbox.settled();
  });

  const readyOn = (app: string, nodes: readonly string[]) =>
    eventually(async () => {
      const pods = (await podsOf(api, app)).filter(isReady);
      expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(nodes);
    });
  const isCordoned = async (name: string) =>
    (await api.get<Node>(`/api/v1/nodes/${name}`))?.spec.unschedulable ?? false;
  const cordon = (name: string, unschedulable: boolean) =>
    api.patch(`/api/v1/nodes/${name}`, { spec: { unschedulable } });

  it('evicts its pods by its own rights, but for those of a DaemonSet', async () => {
    await createDaemonSet(api, 'storage');
    await cordon(FIRST, true);
    await createDeployment(api, 'web', 4);
    await readyOn('web', Array(4).fill(SECOND));
    await readyOn('storage', [FIRST, SECOND]);
    await cordon(FIRST, false);

    await sandbox.runtime.shutDown(1052);

    expect(sandbox.status(1052).state).toBe('off');
    expect(await isCordoned(SECOND)).toBe(true);
    await readyOn('web', Array(4).fill(FIRST));
    await readyOn('storage', [FIRST, SECOND]);
    const audit = readFileSync(join(sandbox.folder, 'droplets/1001/var/lib/rancher/k3s/server/logs/audit.log'), 'utf8');
    const evictions = audit.split('\n').filter((line) => line.includes('"subresource":"eviction"'));
    expect(evictions.length).toBeGreaterThan(0);
    for (const line of evictions) expect(line).toContain(`"username":"system:node:${SECOND}"`);
  });

  it('takes pods again when it is started, unless somebody else had cordoned it', async () => {
    await sandbox.runtime.boot(cluster.worker(2));
    await sandbox.settled();
    expect(await isCordoned(SECOND)).toBe(false);

    await cordon(SECOND, true);
    await sandbox.runtime.shutDown(1052);
    await sandbox.runtime.boot(cluster.worker(2));
    await sandbox.settled();
    expect(await isCordoned(SECOND)).toBe(true);
    await cordon(SECOND, false);
  });

  it('moves nothing when its power is cut, and is a node again when it is on', async () => {
    await sandbox.runtime.powerOff(1052);
    expect([sandbox.status(1052).state, await isCordoned(SECOND)]).toEqual(['off', false]);
    await sandbox.runtime.boot(cluster.worker(2));
    await sandbox.settled();
    expect(sandbox.status(1052).state).toBe('running');
  });

  it('is off soon when the server went with it', async () => {
    await Promise.all([1001, 1052].map((id) => sandbox.runtime.shutDown(id)));
    await sandbox.runtime.shutDown(1051);
    expect(sandbox.log).toContain('forge-test-main-g1-1: The API does not answer: nothing can be moved.');
  });
});
