/** Makes the data folder of an etcd with one member from a snapshot. */
import { ETCD_DATA, peerUrl } from '../control-plane/etcd';
import type { ServerSettings } from '../k3s/k3s-settings';
import { toolPath, type Machine, type Datacenter } from '../machine';

const DOWNLOAD = '/var/lib/rancher/k3s/server/db/snapshots/restoring';
/** Above every revision that anybody may have seen after the snapshot, so that watchers notice. Source: etcdutl's documentation. */
const REVISIONS_AHEAD = 1_000_000_000;

export async function restoreSnapshot(
  machine: Machine,
  datacenter: Datacenter,
  settings: ServerSettings,
  snapshot: string,
  clusterToken: string,
): Promise<void> {
  const { disk, droplet, processes } = machine;
  machine.progress(`Restoring the snapshot ${snapshot}.`);
  disk.write(DOWNLOAD, await datacenter.snapshots.read(settings.snapshots!, snapshot));
  await processes.complete({
    name: `${settings.nodeName}.etcdutl`,
    command: toolPath(datacenter, 'etcdutl'),
    args: [
      'snapshot',
      'restore',
      disk.at(DOWNLOAD),
      `--data-dir=${disk.at(ETCD_DATA)}`,
      `--name=${settings.nodeName}`,
      `--initial-cluster=${settings.nodeName}=${peerUrl(droplet.publicAddress)}`,
      `--initial-cluster-token=${clusterToken}`,
      `--initial-advertise-peer-urls=${peerUrl(droplet.publicAddress)}`,
      ...[`--bump-revision=${REVISIONS_AHEAD}`, '--mark-compacted'],
    ],
  });
  disk.remove(DOWNLOAD);
}
