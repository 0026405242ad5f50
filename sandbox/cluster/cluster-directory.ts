/** The clusters of an account. Usually one; for a moment two, while one is replaced. */
import type { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { ProcessStarter } from '../processes/process';
import { Cluster } from './cluster';
import { DropletDisk } from './droplet/droplet-disk';
import type { Pki } from './k3s/pki';
import type { ClusterDirectory } from './machine';
import { Kubelets } from './nodes/kubelets';

export interface ClustersOptions {
  /** Of the whole sandbox. */
  readonly folder: string;
  /** Path of the program. */
  readonly kwok: string;
  readonly processes: ProcessStarter;
  readonly log: (line: string) => void;
  /** The kubelets of a cluster ended by themselves. */
  readonly onKubeletsLost: (reason: string) => void;
}

export class Clusters implements ClusterDirectory {
  private readonly opening = new Map<string, Promise<Cluster>>();
  private readonly opened = new Map<string, Cluster>();

  constructor(private readonly options: ClustersOptions) {}

  all(): Cluster[] {
    return [...this.opened.values()];
  }

  /** @param id of the server's droplet */
  ofServer(id: number): Cluster | undefined {
    return this.all().find(({ servers }) => servers.has(id));
  }

  async open(pki: Pki): Promise<Cluster> {
    const opening = this.opening.get(pki.hash) ?? this.openFirst(pki);
    this.opening.set(pki.hash, opening);
    const cluster = await opening;
    this.opened.set(pki.hash, cluster);
    return cluster;
  }

  find(shown: X509Certificate): Cluster | undefined {
    return this.all().find(({ pki }) => shown.verify(pki.serverCaKey));
  }

  async close(which: (cluster: Cluster) => boolean): Promise<void> {
    await Promise.all(
      this.all()
        .filter(which)
        .map((cluster) => this.closeOne(cluster)),
    );
  }

  private openFirst(pki: Pki): Promise<Cluster> {
    const { kwok, processes, log, onKubeletsLost } = this.options;
    const name = nameOf(pki);
    return Cluster.open({
      pki,
      log,
      openKubelets: (api) =>
        Kubelets.open({ name, disk: this.diskOf(pki), api, kwok, processes, onLost: onKubeletsLost }),
    });
  }

  private async closeOne(cluster: Cluster): Promise<void> {
    this.opening.delete(cluster.pki.hash);
    this.opened.delete(cluster.pki.hash);
    await cluster.close();
    this.diskOf(cluster.pki).remove('/');
  }

  private diskOf(pki: Pki): DropletDisk {
    return new DropletDisk(join(this.options.folder, nameOf(pki)));
  }
}

function nameOf({ hash }: Pki): string {
  return `cluster-${hash.slice(0, 12)}`;
}
