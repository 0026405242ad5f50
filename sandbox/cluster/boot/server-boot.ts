/** `k3s server`: brings up etcd, the API server and the controllers from its configuration, and becomes a Node. */
import { readFileSync } from 'node:fs';
import { KubernetesClient } from '#clients/kubernetes/client';
import { BootFailure } from '../boot-failure';
import type { Cluster, ClusterServer } from '../cluster';
import { apiServerProcess, API_PORT } from '../control-plane/api-server';
import { controllerManagerProcess, schedulerProcess } from '../control-plane/controllers';
import { ETCD_DATA } from '../control-plane/etcd';
import type { DropletDisk } from '../droplet/droplet-disk';
import { writeEncryptionConfig } from '../k3s/encryption';
import { writeKubeconfig } from '../k3s/kubeconfig-file';
import { readServerSettings, type ServerSettings } from '../k3s/k3s-settings';
import { readPkiOf, TLS_FOLDER, type Pki } from '../k3s/pki';
import { issueServerCertificates, type ServerCertificates } from '../k3s/server-certificates';
import { toolPath, type ClusterNode, type Datacenter, type Machine } from '../machine';
import { registerNode, removeOrphans } from '../nodes/cluster-nodes';
import { nodeObject } from '../nodes/node-object';
import { joinCluster } from './join-cluster';
import { becomeNode } from './node-boot';
import { etcdOf, startDatastore } from './server-datastore';

/** How a server gets its datastore: from its own disk, from the others, or new. */
type DatastoreOrigin = 'own' | 'others' | 'new';

/** What the parts of a server's boot share. */
export interface BootingServer {
  readonly machine: Machine;
  readonly datacenter: Datacenter;
  readonly settings: ServerSettings;
  readonly origin: DatastoreOrigin;
  readonly cluster: Cluster;
  readonly server: ClusterServer;
  readonly certificates: ServerCertificates;
}

const ROLE_LABELS = { 'node-role.kubernetes.io/control-plane': 'true', 'node-role.kubernetes.io/etcd': 'true' };
/** Left by `k3s server --cluster-reset` until the next start. Source: k3s pkg/etcd/etcd.go. */
export const RESET_FLAG = '/var/lib/rancher/k3s/server/db/reset-flag';
/** Of the controllers that ran before: waiting until they expire takes up to 40 seconds. */
const LEASES = [
  'kube-node-lease/leases',
  'kube-system/leases/kube-controller-manager',
  'kube-system/leases/kube-scheduler',
];

/** @param ready called when etcd and the API server are up */
export async function bootServer(
  machine: Machine,
  datacenter: Datacenter,
  k3sVersion: string,
  ready: () => void,
): Promise<ClusterNode> {
  const { droplet, disk } = machine;
  const settings = readServerSettings(disk);
  const origin = originOf(disk, settings);
  const node = nodeObject({ droplet, settings, roleLabels: ROLE_LABELS, k3sVersion });
  const cluster = await enterCluster(machine, datacenter, settings, origin);
  disk.remove(RESET_FLAG);
  const certificates = await issueServerCertificates(disk, cluster.pki, settings, droplet.publicAddress);
  const etcd = etcdOf(disk, certificates, droplet.publicAddress);
  const { nodeName, snapshots } = settings;
  const server = { nodeName, publicAddress: droplet.publicAddress, etcd, snapshots, ready: false };
  cluster.servers.set(droplet.id, server);

  const boot = { machine, datacenter, settings, origin, cluster, server, certificates };
  await startDatastore(boot);
  await startControlPlane(boot);
  ready();
  cluster.kubelets.start(settings.clusterCidr);
  if (origin !== 'others') await reconcileNodes(datacenter, cluster);
  await becomeNode(machine, cluster, node, nodeName);
  return { cluster, node, nodeName };
}

/** What is on the disk comes before what the configuration says, as in k3s. */
function originOf(disk: DropletDisk, { server, clusterInit }: ServerSettings): DatastoreOrigin {
  if (disk.list(`${ETCD_DATA}/member/wal`).length > 0) return 'own';
  if (server !== undefined) return 'others';
  if (clusterInit) return 'new';
  throw new BootFailure(
    'k3s is told neither which server to join nor to start a cluster: it would keep its state in SQLite.',
  );
}

async function enterCluster(
  machine: Machine,
  datacenter: Datacenter,
  settings: ServerSettings,
  origin: DatastoreOrigin,
): Promise<Cluster> {
  if (origin === 'others') return joinAsServer(machine, datacenter, settings);
  const cluster = await datacenter.clusters.open(readPkiOf(machine.disk));
  const isOneOfMany = origin === 'own' && !machine.disk.has(RESET_FLAG);
  if (!isOneOfMany && [...cluster.servers.values()].some(({ ready }) => ready)) {
    // k3s itself would start it. It is refused because an account holds one cluster of a PKI.
    throw new BootFailure(
      'A second cluster of the same PKI was started beside the one that runs: its data would be lost.',
    );
  }
  return cluster;
}

async function joinAsServer(machine: Machine, datacenter: Datacenter, settings: ServerSettings): Promise<Cluster> {
  const { cluster, bootstrap } = await joinCluster(machine, datacenter, settings, 'server');
  const differing = [...settings.critical].filter(([flag, value]) => bootstrap.critical.get(flag) !== value);
  if (differing.length > 0) {
    const flags = differing.map(([flag]) => flag).join(', ');
    throw new BootFailure(
      `The servers of the cluster have other values for: ${flags}. k3s lets no server join that differs.`,
    );
  }
  placePki(machine.disk, cluster.pki);
  return cluster;
}

/** A joining server fetches the PKI from the one that it joins. */
function placePki(disk: DropletDisk, { files }: Pki): void {
  for (const [path, content] of files) disk.write(`${TLS_FOLDER}/${path}`, content);
}

/** A program that starts may accept a connection long before it answers. */
const CHECK_TIMEOUT_MS = 500;

async function startControlPlane(boot: BootingServer): Promise<void> {
  const { machine, datacenter, settings, cluster, server, certificates } = boot;
  const { disk, processes, droplet } = machine;
  const start = { disk, settings, certificates, publicAddress: droplet.publicAddress };
  const program = (name: string) => ({ ...start, command: toolPath(datacenter, name) });
  const encryptionConfig =
    settings.encryption && writeEncryptionConfig(disk, settings.encryption, cluster.bootstrap!.encryptionKey);

  machine.progress('Waiting for the API server.');
  processes.start(apiServerProcess({ ...program('kube-apiserver'), encryptionConfig }));
  await awaitApiServer(boot);
  writeAdminKubeconfig(boot);
  server.ready = true;
  await cluster.serversChanged();
  processes.start(controllerManagerProcess(program('kube-controller-manager')));
  processes.start(schedulerProcess(program('kube-scheduler')));
}

async function awaitApiServer({ machine, origin, cluster, certificates }: BootingServer): Promise<void> {
  const { processes, droplet } = machine;
  const api = new KubernetesClient({
    server: `https://${droplet.publicAddress}:${API_PORT}`,
    serverName: 'localhost',
    clusterCaCertificate: cluster.pki.authorities['server-ca'].pem,
    clientCertificate: readFileSync(certificates.admin.certificate, 'utf8'),
    clientKey: readFileSync(certificates.admin.key, 'utf8'),
  });
  try {
    await processes.until(() => api.isReady(CHECK_TIMEOUT_MS));
    if (origin !== 'others' && !cluster.isReady) {
      for (const lease of LEASES) await api.delete(`/apis/coordination.k8s.io/v1/namespaces/${lease}`);
    }
  } finally {
    api.close();
  }
}

/** For what runs on the machine itself. */
function writeAdminKubeconfig({ machine: { disk, droplet }, certificates }: BootingServer): void {
  writeKubeconfig(disk, {
    path: '/etc/rancher/k3s/k3s.yaml',
    server: `https://${droplet.publicAddress}:${API_PORT}`,
    authority: disk.at(`${TLS_FOLDER}/server-ca.crt`),
    client: certificates.admin,
  });
}

/** After a restore some Nodes belong to droplets that are gone, and younger droplets have none. */
async function reconcileNodes(datacenter: Datacenter, cluster: Cluster): Promise<void> {
  const orphans = await removeOrphans(cluster.api, datacenter.dropletIds());
  for (const name of orphans) datacenter.log(`Node ${name} removed: its droplet no longer exists.`);
  for (const { node, report } of datacenter.nodesOf(cluster)) {
    await registerNode(cluster.api, node);
    await report();
  }
}
