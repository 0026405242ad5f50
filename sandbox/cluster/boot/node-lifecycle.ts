/** What becomes of a server and a Node when their machine goes, as the cloud controller manager and k3s see to it. */
import { until } from '#clients/until';
import { within } from '#sandbox/processes/time-limit';
import type { Clusters } from '../cluster-directory';
import type { BootedNode } from '../machine';
import { loseKubelet, removeNode } from '../nodes/cluster-nodes';
import { leaveEtcd } from './etcd-membership';

/** For a cluster that does not answer. */
const ANSWER_LIMIT_MS = 5000;
const LOSS_LIMIT_MS = 30_000;
const POLL_MS = 500;

export class NodeLifecycle {
  constructor(
    private readonly clusters: Clusters,
    private readonly log: (line: string) => void,
  ) {}

  /** New requests go to other servers. Nothing happens if the droplet is no server. */
  takeOutOfRotation(id: number): void {
    const server = this.clusters.ofServer(id)?.servers.get(id);
    if (server !== undefined) server.ready = false;
  }

  /** Takes a server out of etcd while it still runs. */
  async leaveCluster(id: number): Promise<void> {
    const cluster = this.clusters.ofServer(id);
    const server = cluster?.servers.get(id);
    if (cluster === undefined || server === undefined) return;
    await this.attempt(`${server.nodeName} could not leave etcd`, leaveEtcd(cluster, server));
    this.takeOutOfRotation(id);
  }

  async forgetServer(id: number): Promise<void> {
    const cluster = this.clusters.ofServer(id);
    cluster?.servers.get(id)?.etcd.close();
    cluster?.servers.delete(id);
    await cluster?.serversChanged();
  }

  /** The machine is dead, its droplet is not gone. */
  async loseKubelet({ cluster, nodeName }: BootedNode): Promise<void> {
    const isTold = () =>
      loseKubelet(cluster.api, nodeName).then(
        () => true,
        () => false,
      );
    // With a server, etcd may have lost its leader as well, and takes nothing until there is another.
    const check = () => !cluster.isReady || isTold();
    const what = `the Node ${nodeName} to be told`;
    await until(check, { every: POLL_MS, limit: LOSS_LIMIT_MS, what }).catch((error: Error) => this.log(error.message));
  }

  /** As the cloud controller manager does when a droplet is gone. */
  async removeNode(name: string): Promise<void> {
    for (const cluster of this.clusters.all().filter(({ isReady }) => isReady)) {
      await this.attempt(`Node ${name} could not be removed`, removeNode(cluster.api, name));
    }
  }

  private async attempt(what: string, work: Promise<unknown>): Promise<void> {
    await within(ANSWER_LIMIT_MS, work).catch((error: Error) => this.log(`${what}: ${error.message}`));
  }
}
