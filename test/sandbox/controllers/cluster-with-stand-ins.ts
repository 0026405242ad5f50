/** A real cluster with the stand-ins and the volume driver applied, the controllers, and a storage that only remembers. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { BlockStorage } from '#sandbox/controllers/block-storage';
import { Controllers } from '#sandbox/controllers/controllers';
import { KubernetesClient } from '#clients/kubernetes/client';
import { atEnd } from '#test/at-end';
import { ofKind } from '#test/k8s/manifests';
import { standInManifests, type ChartSource } from '../standins/stand-in-manifests';
import { plot } from '../cluster/droplets';
import { kubectlWith } from '../cluster/kubectl';
import { pkiFiles } from '../cluster/k3s/pki-files';
import { accessTo, forwardApi, openSandbox } from '../cluster/running-sandbox';

export interface ClusterWithStandIns {
  readonly api: KubernetesClient;
  readonly log: readonly string[];
  /** Size of each volume by name. */
  readonly volumes: ReadonlyMap<string, number>;
  /** Where the entrance is at the moment. */
  entrance: string | undefined;
  apply(...objects: readonly object[]): Promise<void>;
  /** Every machine ends and starts anew. */
  reboot(): Promise<void>;
  /** The controllers end and start anew. */
  restartControllers(): Promise<void>;
}

/** Ends with the tests of the file. */
export async function startClusterWithStandIns(): Promise<ClusterWithStandIns> {
  const droplets = plot(await pkiFiles());
  const sandbox = await openSandbox();
  const boot = async () => {
    await sandbox.runtime.boot(droplets.server(1));
    for (const worker of [1, 2]) await sandbox.runtime.boot(droplets.worker(worker));
    await forwardApi(sandbox, droplets, 1);
    await sandbox.settled();
  };
  await boot();
  const endpoint = await accessTo(droplets, droplets.apiAddress, 6443);
  const api = new KubernetesClient(endpoint);
  atEnd(() => api.close());
  const kubectl = await kubectlWith(endpoint, join(sandbox.folder, 'kubeconfig.json'));
  const apply = async (files: string, input = '') => {
    const { code, stderr } = await kubectl([...APPLY, '-f', files], input);
    if (code !== 0) throw new Error(stderr);
  };

  const log: string[] = [];
  const storage = rememberedStorage();
  const start = () =>
    new Controllers({
      administrator: () => sandbox.runtime.administrator('controllers'),
      entranceAddress: () => Promise.resolve(cluster.entrance),
      storage,
      log: (line) => void log.push(line),
    });
  let controllers: Controllers = start();

  const cluster: ClusterWithStandIns = {
    api,
    log,
    volumes: storage.volumes,
    entrance: undefined,
    apply: (...objects) => apply('-', objects.map((object) => stringify(object)).join('---\n')),
    async reboot() {
      await sandbox.restart();
      await boot();
    },
    async restartControllers() {
      await controllers.stop();
      controllers = start();
    },
  };
  atEnd(() => controllers.stop());
  for (const { body } of ofKind('Application').filter(({ body }) => body['spec'].source.chart !== undefined)) {
    const name = body['metadata'].name as string;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: RESTRICTED } });
    await cluster.apply(...(await standInManifests(body['spec'].source as ChartSource)));
  }
  await apply(join(__dirname, '../../../k8s/components/digitalocean-csi'));
  return cluster;
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict'];
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

function rememberedStorage(): BlockStorage & { readonly volumes: ReadonlyMap<string, number> } {
  const volumes = new Map<string, number>();
  return {
    volumes,
    create: (name, size) => Promise.resolve(volumes.has(name) ? name : (volumes.set(name, size), name)),
    resize: (id, size) => Promise.resolve(void volumes.set(id, size)),
    delete: (id) => Promise.resolve(void volumes.delete(id)),
  };
}
