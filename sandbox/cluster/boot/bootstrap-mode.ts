/** Decides how a server gets its cluster, as bootstrap-server.sh does on a real droplet. */
import { parseEnv } from 'node:util';
import { shownCertificate } from '../control-plane/api-probe';
import { API_PORT } from '../control-plane/api-server';
import { BootFailure } from '../boot-failure';
import { BOOTSTRAP_ENV, type BootstrapSettings } from '../k3s/bootstrap-settings';
import type { DropletDisk } from '../droplet/droplet-disk';
import { ETCD_DATA } from '../control-plane/etcd';
import { destinationOf, type Machine } from '../machine';
import { readPki, TLS_FOLDER, type Pki } from '../k3s/pki';

export type BootstrapMode =
  /** The machine was only switched off. */
  | { readonly kind: 'restart'; readonly pki: Pki }
  | { readonly kind: 'join' }
  | { readonly kind: 'restore'; readonly pki: Pki; readonly snapshot: string }
  | { readonly kind: 'new'; readonly pki: Pki };

const CLUSTER_SETTINGS = '/etc/rancher/k3s/config.yaml.d/20-cluster.yaml';
const JOIN_SETTINGS = '/etc/forge/join.yaml';
const RETRY_MS = 500;

/** Leaves k3s' configuration as the decision wants it. */
export async function decideBootstrapMode(machine: Machine, bootstrap: BootstrapSettings): Promise<BootstrapMode> {
  const { disk } = machine;
  if (disk.list(`${ETCD_DATA}/member/wal`).length > 0) return { kind: 'restart', pki: readPkiFiles(disk) };
  if (bootstrap.role === 'joiner') return { kind: 'join' };

  const pki = readPkiFiles(disk);
  if (pki.hash !== bootstrap.caHash) {
    throw new BootFailure('CA_HASH in /etc/forge/bootstrap.env is not the SHA-256 of server-ca.crt.');
  }
  // On a real droplet systemd runs the script again until it could decide.
  return machine.processes.until(() => decide(machine, bootstrap, pki), RETRY_MS);
}

/** @returns undefined where it must not be decided yet */
async function decide(machine: Machine, bootstrap: BootstrapSettings, pki: Pki): Promise<BootstrapMode | undefined> {
  const { disk, progress } = machine;
  if (await clusterAnswers(machine, bootstrap.apiAddress, pki)) {
    disk.write(CLUSTER_SETTINGS, disk.read(JOIN_SETTINGS));
    disk.remove(TLS_FOLDER);
    return { kind: 'join' };
  }
  const [snapshot, living] = [await ask(machine, 'newest-object.sh'), await ask(machine, 'living-server.sh')];
  if (snapshot === undefined || living === undefined) return undefined;
  if (living !== '') {
    progress(`${living} Nothing is started beside it.`);
    return undefined;
  }
  if (snapshot !== '') {
    disk.remove(CLUSTER_SETTINGS);
    return { kind: 'restore', pki, snapshot: snapshot.split(' ')[0]! };
  }
  disk.write(CLUSTER_SETTINGS, 'cluster-init: true\n');
  return { kind: 'new', pki };
}

/** What a script of the droplet says; undefined where it fails because it cannot know. */
async function ask({ disk, shell, progress }: Machine, script: string): Promise<string | undefined> {
  const environment = parseEnv(disk.read(BOOTSTRAP_ENV).toString());
  const { succeeded, output, complaint } = await shell.run([`/usr/local/lib/forge/${script}`], environment);
  if (succeeded) return output.trim();
  progress(`Not knowing whether there is a cluster, nothing is started: ${complaint}`);
  return undefined;
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
