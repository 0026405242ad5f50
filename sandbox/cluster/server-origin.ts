/** Decides how a server gets its cluster, as bootstrap-server.sh does on a real droplet. */
import { shownCertificate } from './api-probe';
import { API_PORT } from './api-server';
import { BootFailure } from './boot-failure';
import type { BootstrapSettings } from './bootstrap-settings';
import type { DropletDisk } from './droplet-disk';
import { ETCD_DATA } from './etcd';
import { readServerSettings } from './k3s-settings';
import { destinationOf, type Machine, type Site } from './machine';
import { readPki, TLS_FOLDER, type Pki } from './pki';
import { newestSnapshot } from './snapshot-store';

export type ServerOrigin =
  /** The machine was only switched off. */
  | { readonly kind: 'restart'; readonly pki: Pki }
  | { readonly kind: 'join' }
  | { readonly kind: 'restore'; readonly pki: Pki; readonly snapshot: string }
  | { readonly kind: 'new'; readonly pki: Pki };

const CLUSTER_SETTINGS = '/etc/rancher/k3s/config.yaml.d/20-cluster.yaml';
const JOIN_SETTINGS = '/etc/forge/join.yaml';

/** Leaves k3s' configuration as the decision wants it. */
export async function decideOrigin(machine: Machine, site: Site, bootstrap: BootstrapSettings): Promise<ServerOrigin> {
  const { disk } = machine;
  if (disk.list(`${ETCD_DATA}/member/wal`).length > 0) return { kind: 'restart', pki: readPkiFiles(disk) };
  if (bootstrap.role === 'joiner') return { kind: 'join' };

  const pki = readPkiFiles(disk);
  if (pki.hash !== bootstrap.caHash) {
    throw new BootFailure('CA_HASH in /etc/forge/bootstrap.env is not the SHA-256 of server-ca.crt.');
  }
  if (await clusterAnswers(machine, bootstrap.apiAddress, pki)) {
    disk.write(CLUSTER_SETTINGS, disk.read(JOIN_SETTINGS));
    disk.remove(TLS_FOLDER);
    return { kind: 'join' };
  }
  const snapshot = await findSnapshot(disk, site);
  if (snapshot !== undefined) {
    disk.remove(CLUSTER_SETTINGS);
    return { kind: 'restore', pki, snapshot };
  }
  disk.write(CLUSTER_SETTINGS, 'cluster-init: true\n');
  return { kind: 'new', pki };
}

function readPkiFiles(disk: DropletDisk): Pki {
  return readPki((path) => (disk.has(`${TLS_FOLDER}/${path}`) ? disk.read(`${TLS_FOLDER}/${path}`) : undefined));
}

async function clusterAnswers(machine: Machine, apiAddress: string, pki: Pki): Promise<boolean> {
  const shown = await shownCertificate(destinationOf(machine, apiAddress), API_PORT);
  if (shown === undefined) return false;
  if (shown.verify(pki.serverCaKey)) return true;
  throw new BootFailure(`https://${apiAddress}:${API_PORT} belongs to another cluster. Nothing is started beside it.`);
}

async function findSnapshot(disk: DropletDisk, site: Site): Promise<string | undefined> {
  const { snapshots } = readServerSettings(disk);
  if (snapshots === undefined) return undefined;
  try {
    return await newestSnapshot(site.snapshots, snapshots);
  } catch (error) {
    throw new BootFailure(
      `The snapshots in Spaces cannot be listed, so nothing is started: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}
