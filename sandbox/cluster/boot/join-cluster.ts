/** How a machine finds the cluster that it is told to join, and is let in. */
import { isIP } from 'node:net';
import { shownCertificate } from '../control-plane/api-probe';
import { BootFailure } from '../boot-failure';
import type { Cluster, ClusterBootstrap } from '../cluster';
import type { NodeSettings } from '../k3s/k3s-settings';
import { admit } from '../k3s/k3s-token';
import { destinationOf, type Machine, type Datacenter } from '../machine';

export interface JoinedCluster {
  readonly cluster: Cluster;
  readonly bootstrap: ClusterBootstrap;
}

/**
 * Waits until a server answers at the address in k3s' configuration, and shows it the token.
 *
 * @throws BootFailure if it is another cluster, or refuses the machine
 */
export async function joinCluster(
  machine: Machine,
  datacenter: Datacenter,
  settings: NodeSettings,
  as: 'server' | 'node',
): Promise<JoinedCluster> {
  if (settings.server === undefined) throw new BootFailure('k3s is not told which server to join.');
  const { host, port } = settings.server;
  const cluster = await machine.processes.until(async () => {
    if (!isLetIn(machine, datacenter, host, port)) return false;
    const shown = await shownCertificate(destinationOf(machine, host), port);
    if (shown === undefined) return false;
    const found = datacenter.clusters.find(shown);
    if (found === undefined) throw new BootFailure(`https://${host}:${port} belongs to no cluster of this account.`);
    if ((isIP(host) === 0 ? shown.checkHost(host) : shown.checkIP(host)) === undefined) {
      throw new BootFailure(`The API server's certificate does not name ${host}: add it to tls-san on the servers.`);
    }
    return found.isReady && found;
  });
  const bootstrap = cluster.bootstrap!;
  admit(settings.token, as, bootstrap.secrets);
  return { cluster, bootstrap };
}

/** What a firewall does not let through is dropped, so the machine waits as for somebody who is not there yet. */
function isLetIn({ droplet, progress }: Machine, { mayReach }: Datacenter, host: string, port: number): boolean {
  const letIn = mayReach(droplet.id, host, port);
  const from = letIn ? '' : ` No firewall there lets ${droplet.publicAddress} in.`;
  progress(`Waiting for the cluster at https://${host}:${port}.${from}`);
  return letIn;
}
