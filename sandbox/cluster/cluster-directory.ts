/** The clusters of an account. Usually one; for a moment two, while one is replaced. */
import type { X509Certificate } from 'node:crypto';
import { openCluster, type Cluster, type ClusterOptions } from './cluster';
import type { ClusterDirectory } from './machine';
import type { Pki } from './k3s/pki';

export interface Clusters extends ClusterDirectory {
  all(): Cluster[];
  /** @param id of the server's droplet */
  ofServer(id: number): Cluster | undefined;
  close(cluster: Cluster): Promise<void>;
}

export function clusterDirectory(options: (pki: Pki) => ClusterOptions): Clusters {
  const opening = new Map<string, Promise<Cluster>>();
  const open = new Map<string, Cluster>();
  return {
    all: () => [...open.values()],
    ofServer: (id) => [...open.values()].find(({ servers }) => servers.has(id)),
    async open(pki) {
      const started = opening.get(pki.hash) ?? openCluster(options(pki));
      opening.set(pki.hash, started);
      const cluster = await started;
      open.set(pki.hash, cluster);
      return cluster;
    },
    find: (shown: X509Certificate) => [...open.values()].find(({ pki }) => shown.verify(pki.serverCaKey)),
    async close(cluster) {
      opening.delete(cluster.pki.hash);
      open.delete(cluster.pki.hash);
      await cluster.close();
    },
  };
}
