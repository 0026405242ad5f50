/** A real cluster with the stand-ins and the volume driver applied, the controllers, and a storage that only remembers. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { BlockStorage } from '#sandbox/controllers/block-storage';
import { startControllers, type RunningControllers } from '#sandbox/controllers/start-controllers';
import { KubernetesClient } from '#clients/kubernetes/client';
import { STAND_INS } from '#sandbox/standins/stand-ins';
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
  close(): Promise<void>;
}

const HOSTNAME = '--providers.kubernetesingress.ingressendpoint.hostname=forge.example.org';

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
  const kubectl = await kubectlWith(endpoint, join(sandbox.folder, 'kubeconfig.json'));
  const apply = async (files: string, input = '') => {
    const { code, err } = await kubectl([...APPLY, '-f', files], input);
    if (code !== 0) throw new Error(err);
  };

  const log: string[] = [];
  const storage = rememberedStorage();
  const start = () =>
    startControllers({
      administrator: () => sandbox.runtime.administrator('controllers'),
      entranceAddress: () => cluster.entrance,
      ...{ storage, log: (line) => void log.push(line) },
    });
  let controllers: RunningControllers = start();

  const cluster: ClusterWithStandIns = {
    ...{ api, log, volumes: storage.volumes, entrance: undefined },
    apply: (...objects) => apply('-', objects.map((object) => stringify(object)).join('---\n')),
    async reboot() {
      await sandbox.restart();
      await boot();
    },
    async restartControllers() {
      await controllers.stop();
      controllers = start();
    },
    async close() {
      await controllers.stop();
      api.close();
      await sandbox.close();
    },
  };
  try {
    for (const name of ['traefik', 'cert-manager']) {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: RESTRICTED } });
    }
    const folders = [...STAND_INS.map(({ name }) => `sandbox/standins/${name}`), 'k8s/components/digitalocean-csi'];
    for (const folder of folders) await apply(join(__dirname, '../../..', folder));
    await publishedName(api);
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict'];
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** As the release's values in k8s/00-infra/traefik.yaml say it. */
async function publishedName(api: KubernetesClient): Promise<void> {
  const path = '/apis/apps/v1/namespaces/traefik/deployments/traefik';
  const deployment = (await api.get<any>(path))!;
  const [container] = deployment.spec.template.spec.containers;
  const containers = [{ ...container, args: [...container.args, HOSTNAME] }];
  await api.patch(path, { spec: { template: { spec: { containers } } } });
}

function rememberedStorage(): BlockStorage & { readonly volumes: ReadonlyMap<string, number> } {
  const volumes = new Map<string, number>();
  return {
    volumes,
    create: (name, size) => Promise.resolve(volumes.has(name) ? name : (volumes.set(name, size), name)),
    resize: (id, size) => Promise.resolve(void volumes.set(id, size)),
    delete: (id) => Promise.resolve(void volumes.delete(id)),
  };
}
