/** What a droplet leaves behind in its cluster, taken away when it goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster';
import type { Clusters } from '../cluster-directory';
import { loseKubelet, removeNode } from '../nodes/cluster-nodes';
import { leaveEtcd } from './etcd-membership';
import { isReady } from './join-cluster';
import type { Booted } from '../machine';
import { within } from '#sandbox/processes/time-limit';

export interface Departures {
  /** New requests go to other servers. Nothing happens if the droplet is no server. */
  takeOutOfRotation(id: number): void;
  /** Takes a server out of etcd while it still runs. */
  leaveCluster(id: number): Promise<void>;
  forgetServer(id: number): Promise<void>;
  /** The machine is dead, its droplet is not gone. */
  loseKubelet(booted: Booted): Promise<void>;
  /** As the cloud controller manager does when a droplet is gone. */
  removeNode(name: string): Promise<void>;
  closeClusters(which: (cluster: Cluster) => boolean): Promise<void>;
}

/** A departure must not wait for a cluster that does not answer. */
const PATIENCE_MS = 5000;
const TRIES = 60;
const PAUSE_MS = 500;

export function departures(clusters: Clusters, log: (line: string) => void): Departures {
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await within(PATIENCE_MS, work()).catch((error: Error) => log(`${what}: ${error.message}`));
  };
  const takeOutOfRotation = (id: number): void => {
    const server = clusters.ofServer(id)?.servers.get(id);
    if (server !== undefined) server.ready = false;
  };
  return {
    takeOutOfRotation,
    async leaveCluster(id) {
      const cluster = clusters.ofServer(id);
      const server = cluster?.servers.get(id);
      if (cluster === undefined || server === undefined) return;
      await attempt(`${server.nodeName} could not leave etcd`, () => leaveEtcd(cluster, server));
      takeOutOfRotation(id);
    },
    async forgetServer(id) {
      const cluster = clusters.ofServer(id);
      cluster?.servers.get(id)?.etcd.close();
      cluster?.servers.delete(id);
      await cluster?.serversChanged();
    },
    async loseKubelet({ cluster, nodeName }) {
      // With a server, etcd may have lost its leader as well, and takes nothing until there is another.
      for (let tries = 0; isReady(cluster) && tries < TRIES; tries += 1) {
        const told = await loseKubelet(cluster.api, nodeName).then(
          () => true,
          () => false,
        );
        if (told) return;
        await sleep(PAUSE_MS, undefined, { ref: false });
      }
    },
    async removeNode(name) {
      for (const cluster of clusters.all().filter(isReady)) {
        await attempt(`Node ${name} could not be removed`, () => removeNode(cluster.api, name));
      }
    },
    async closeClusters(which) {
      await Promise.all(
        clusters
          .all()
          .filter(which)
          .map((cluster) => clusters.close(cluster)),
      );
    },
  };
}
