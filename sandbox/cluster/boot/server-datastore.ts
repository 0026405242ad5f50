/** etcd of a server, by where the server gets its data from, and the data in it that servers share. */
import { readFileSync } from 'node:fs';
import {
  loadBootstrapData,
  newBootstrapData,
  storeBootstrapData,
  type BootstrapData,
} from '../control-plane/bootstrap-data';
import type { ClusterBootstrap } from '../cluster';
import type { DropletDisk } from '../droplet/droplet-disk';
import { ETCD_CLIENT_PORT, etcdProcess, peerUrl } from '../control-plane/etcd';
import { EtcdClient } from '../control-plane/etcd-client';
import { joinEtcd } from './etcd-membership';
import { parseK3sToken } from '../k3s/k3s-token';
import type { ServerSettings } from '../k3s/k3s-settings';
import { toolPath } from '../machine';
import { TLS_FOLDER, type Pki } from '../k3s/pki';
import type { ProcessSpec } from '#sandbox/processes/process';
import type { ServerCertificates } from '../k3s/server-certificates';
import type { BootingServer } from './server-boot';

/** A client of the etcd on this droplet. */
export function etcdOf(
  disk: DropletDisk,
  { etcdClient: client }: ServerCertificates,
  publicAddress: string,
): EtcdClient {
  return new EtcdClient({
    server: `https://${publicAddress}:${ETCD_CLIENT_PORT}`,
    serverName: 'localhost',
    ca: disk.read(`${TLS_FOLDER}/etcd/server-ca.crt`).toString(),
    cert: readFileSync(client.certificate, 'utf8'),
    key: readFileSync(client.key, 'utf8'),
  });
}

/** Returns when etcd runs and the cluster's bootstrap data is known. */
export async function startDatastore(boot: BootingServer): Promise<void> {
  const { machine, settings, origin, cluster, server } = boot;
  const { publicAddress } = machine.droplet;
  const alone = [`${settings.nodeName}=${peerUrl(publicAddress)}`];
  machine.progress('Waiting for etcd.');
  if (origin === 'others') {
    await joinEtcd(cluster, server, {
      start: (members) => machine.processes.start(etcdSpec(boot, members, true)),
      restart: (members) => machine.processes.restart(etcdSpec(boot, members, true)),
      repeat: async (attempt) => void (await machine.processes.until(attempt)),
    });
    return;
  }
  machine.processes.start(etcdSpec(boot, alone, false));
  await machine.processes.until(() => server.etcd.isHealthy());
  cluster.bootstrap = bootstrapOf(settings, cluster.pki, await sharedData(boot));
}

function etcdSpec(boot: BootingServer, initialCluster: readonly string[], joining: boolean): ProcessSpec {
  const { machine, datacenter, settings, certificates, cluster } = boot;
  return etcdProcess({
    command: toolPath(datacenter, 'etcd'),
    disk: machine.disk,
    publicAddress: machine.droplet.publicAddress,
    clusterToken: cluster.pki.hash,
    settings,
    certificates,
    initialCluster,
    joining,
  });
}

async function sharedData({ settings, origin, cluster, server }: BootingServer): Promise<BootstrapData> {
  const { password } = settings.token;
  if (origin !== 'new') return loadBootstrapData(server.etcd, password, cluster.pki.hash);
  const data = newBootstrapData(cluster.pki.hash);
  await storeBootstrapData(server.etcd, password, data);
  return data;
}

function bootstrapOf(settings: ServerSettings, pki: Pki, { encryptionKey }: BootstrapData): ClusterBootstrap {
  const serverPassword = settings.token.password;
  const agentPassword =
    settings.agentToken === undefined ? serverPassword : parseK3sToken(settings.agentToken).password;
  return { secrets: { caHash: pki.hash, serverPassword, agentPassword }, critical: settings.critical, encryptionKey };
}
