/** A server: brings up etcd, the API server and the controllers from what its user data wrote, and becomes a Node. */
import { readFileSync } from 'node:fs';
import { apiServerProcess, API_PORT } from '../control-plane/api-server';
import { BootFailure } from '../boot-failure';
import type { BootingServer } from './booting-server';
import type { BootstrapSettings } from '../k3s/bootstrap-settings';
import type { Cluster } from '../cluster';
import { registerNode, removeOrphans } from '../nodes/cluster-nodes';
import { controllerManagerProcess, schedulerProcess } from '../control-plane/controllers';
import type { DropletDisk } from '../droplet/droplet-disk';
import { writeEncryptionConfig } from '../k3s/encryption';
import { joinCluster } from './join-cluster';
import { readServerSettings, type ServerSettings } from '../k3s/k3s-settings';
import { KubernetesClient } from '#clients/kubernetes/client';
import { toolPath, type BootedNode, type Machine, type Datacenter } from '../machine';
import { becomeNode } from './node-boot';
import { nodeObject } from '../nodes/node-object';
import { writeNodeSettings } from './node-settings';
import { TLS_FOLDER, type Pki } from '../k3s/pki';
import { issueServerCertificates } from '../k3s/server-certificates';
import { etcdOf, startDatastore } from './server-datastore';
import { decideBootstrapMode, type BootstrapMode } from './bootstrap-mode';

const ROLE_LABELS = { 'node-role.kubernetes.io/control-plane': 'true', 'node-role.kubernetes.io/etcd': 'true' };
/** Of the controllers that ran before: waiting until they expire takes up to 40 seconds. */
const LEASES = [
  'kube-node-lease/leases',
  'kube-system/leases/kube-controller-manager',
  'kube-system/leases/kube-scheduler',
];

export async function bootServer(
  machine: Machine,
  datacenter: Datacenter,
  bootstrap: BootstrapSettings,
): Promise<BootedNode> {
  const { droplet, disk } = machine;
  writeNodeSettings(disk, droplet, 'server');
  const mode = await decideBootstrapMode(machine, bootstrap);
  const settings = readServerSettings(disk);
  const node = nodeObject({ droplet, settings, roleLabels: ROLE_LABELS, k3sVersion: bootstrap.k3sVersion });
  await machine.service.started();
  const cluster = await enterCluster(machine, datacenter, settings, mode);
  const certificates = await issueServerCertificates(disk, cluster.pki, settings, droplet.publicAddress);
  const etcd = etcdOf(disk, certificates, droplet.publicAddress);
  const { nodeName, snapshots } = settings;
  const server = { nodeName, publicAddress: droplet.publicAddress, etcd, snapshots, ready: false };
  cluster.servers.set(droplet.id, server);

  const boot = { machine, datacenter, settings, mode, cluster, server, certificates };
  await startDatastore(boot);
  await startControlPlane(boot);
  cluster.kubelets.start(settings.clusterCidr);
  if (mode.kind !== 'join') await reconcileNodes(datacenter, cluster);
  const report = await becomeNode(machine, cluster, node, nodeName);
  return { cluster, node, nodeName, report };
}

async function enterCluster(
  machine: Machine,
  datacenter: Datacenter,
  settings: ServerSettings,
  mode: BootstrapMode,
): Promise<Cluster> {
  if (mode.kind === 'join') {
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
  const cluster = await datacenter.clusters.open(mode.pki);
  if (mode.kind !== 'restart' && [...cluster.servers.values()].some(({ ready }) => ready)) {
    // k3s itself would start it. It is refused because an account holds one cluster of a PKI.
    throw new BootFailure(
      'A second cluster of the same PKI was started beside the one that runs: its data would be lost.',
    );
  }
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
  server.ready = true;
  await cluster.serversChanged();
  processes.start(controllerManagerProcess(program('kube-controller-manager')));
  processes.start(schedulerProcess(program('kube-scheduler')));
  const k3s = (args: readonly string[]) => callK3s(args, (prefix) => datacenter.saveSnapshot(server, prefix));
  await processes.attach(await machine.service.ready(k3s));
}

async function awaitApiServer({ machine, mode, cluster, certificates }: BootingServer): Promise<void> {
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
    if (mode.kind !== 'join' && !cluster.isReady) {
      for (const lease of LEASES) await api.delete(`/apis/coordination.k8s.io/v1/namespaces/${lease}`);
    }
  } finally {
    api.close();
  }
}

/** What k3s does for the units around it: `k3s etcd-snapshot save --name <prefix>`. */
async function callK3s(args: readonly string[], save: (prefix: string) => Promise<unknown>): Promise<void> {
  const [, prefix] = /^etcd-snapshot save --name (\S+)$/.exec(args.join(' ')) ?? [];
  if (prefix === undefined) throw new BootFailure(`k3s ${args.join(' ')} is not emulated.`);
  await save(prefix);
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
