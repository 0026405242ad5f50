/** Plays k3s on a droplet: does with what the scripts wrote what k3s would do, with the real programs that k3s has in it. */
import { BootFailure } from '../boot-failure';
import { ETCD_DATA, peerUrl } from '../control-plane/etcd';
import type { ProgramAnswer } from '../droplet/droplet-calls';
import type { K3sRole } from '../droplet/systemd';
import { installedVersion } from '../k3s/k3s-release';
import { readAgentSettings, readServerSettings, type SnapshotSettings } from '../k3s/k3s-settings';
import { readPkiOf } from '../k3s/pki';
import { toolPath, type ClusterNode, type Datacenter, type Machine } from '../machine';
import { nodeObject } from '../nodes/node-object';
import { joinCluster } from './join-cluster';
import { becomeNode } from './node-boot';
import { bootServer, RESET_FLAG } from './server-boot';

const DOWNLOAD = '/var/lib/rancher/k3s/server/db/snapshots/restoring';
/** Above every revision that anybody may have seen after the snapshot, so that watchers notice. Source: etcdutl's documentation. */
const REVISIONS_AHEAD = 1_000_000_000;

export class K3sDouble {
  constructor(
    private readonly machine: Machine,
    private readonly datacenter: Datacenter,
  ) {}

  /**
   * `k3s server` or `k3s agent`: returns when the Node is Ready.
   *
   * @param ready called at READY. Source: pkg/cli/server/server.go and pkg/cli/agent/agent.go of k3s
   */
  async run(role: K3sRole, ready: () => void): Promise<ClusterNode> {
    const version = installedVersion(this.machine.disk);
    if (role === 'server') return bootServer(this.machine, this.datacenter, version, ready);
    const { machine, datacenter } = this;
    const settings = readAgentSettings(machine.disk);
    const node = nodeObject({ droplet: machine.droplet, settings, roleLabels: {}, k3sVersion: version });
    const { cluster } = await joinCluster(machine, datacenter, settings, 'node');
    await becomeNode(machine, cluster, node, settings.nodeName);
    ready();
    return { cluster, node, nodeName: settings.nodeName };
  }

  /** What scripts and units have k3s do besides. */
  async call(args: readonly string[]): Promise<ProgramAnswer> {
    const line = args.join(' ');
    const [, prefix] = /^etcd-snapshot save --name (\S+)$/.exec(line) ?? [];
    const [, snapshot] = /^server --cluster-reset --cluster-reset-restore-path=(\S+)$/.exec(line) ?? [];
    if (prefix !== undefined) await this.saveSnapshot(prefix);
    else if (snapshot !== undefined) await this.resetCluster(snapshot);
    else throw new BootFailure(`k3s ${line} is not emulated.`);
    return { code: 0 };
  }

  private async saveSnapshot(prefix: string): Promise<void> {
    const { id } = this.machine.droplet;
    const server = this.datacenter.clusters.ofServer(id)?.servers.get(id);
    if (server === undefined) throw new BootFailure('k3s does not run on this machine.');
    await this.datacenter.saveSnapshot(server, prefix);
  }

  /** Makes the data folder of an etcd with one member from a snapshot. */
  private async resetCluster(snapshot: string): Promise<void> {
    const { disk, droplet, processes, progress } = this.machine;
    const { nodeName, server, snapshots } = readServerSettings(disk);
    if (server !== undefined)
      throw new BootFailure('k3s refuses to reset a cluster while it is told to join a server.');
    if (disk.has(RESET_FLAG)) throw new BootFailure('k3s was reset already, and has not been started since.');
    const { hash } = readPkiOf(disk);
    progress(`Restoring the snapshot ${snapshot}.`);
    disk.write(DOWNLOAD, await this.datacenter.snapshots.read(requireStore(snapshots), snapshot));
    await processes.complete({
      name: `${nodeName}.etcdutl`,
      command: toolPath(this.datacenter, 'etcdutl'),
      args: [
        'snapshot',
        'restore',
        disk.at(DOWNLOAD),
        `--data-dir=${disk.at(ETCD_DATA)}`,
        `--name=${nodeName}`,
        `--initial-cluster=${nodeName}=${peerUrl(droplet.publicAddress)}`,
        `--initial-cluster-token=${hash}`,
        `--initial-advertise-peer-urls=${peerUrl(droplet.publicAddress)}`,
        ...[`--bump-revision=${REVISIONS_AHEAD}`, '--mark-compacted'],
      ],
    });
    disk.remove(DOWNLOAD);
    disk.write(RESET_FLAG, '');
  }
}

function requireStore(snapshots: SnapshotSettings | undefined): SnapshotSettings {
  if (snapshots === undefined) throw new BootFailure('k3s is not told where its snapshots are: etcd-s3 is off.');
  return snapshots;
}
