/** A server on its way to becoming a node. */
import type { Cluster, ClusterServer } from '../cluster';
import type { ServerSettings } from '../k3s/k3s-settings';
import type { Machine, Datacenter } from '../machine';
import type { ServerCertificates } from '../k3s/server-certificates';
import type { BootstrapMode } from './bootstrap-mode';

/** What the parts of a server's boot share. */
export interface BootingServer {
  readonly machine: Machine;
  readonly datacenter: Datacenter;
  readonly settings: ServerSettings;
  readonly mode: BootstrapMode;
  readonly cluster: Cluster;
  readonly server: ClusterServer;
  readonly certificates: ServerCertificates;
}
