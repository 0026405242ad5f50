/** Kubernetes' version skew policy: no kubelet is newer than the API servers. Source: kubernetes.io, "Version Skew Policy". */
import { BootFailure } from '../boot-failure';
import type { Cluster } from '../cluster';
import type { Machine } from '../machine';
import { directives } from '../droplet/unit-file';

interface ServerNode {
  readonly status?: { readonly nodeInfo?: { readonly kubeletVersion?: string } };
}

const SERVERS = '/api/v1/nodes?labelSelector=node-role.kubernetes.io%2Fcontrol-plane';
const WAIT = '/usr/local/lib/forge/wait-for-servers.sh';

/**
 * k3s itself starts whatever the servers' version is. Here a worker that is newer becomes no node: it waits, if its user
 * data does, until the servers are upgraded.
 *
 * @throws BootFailure if its user data does not wait
 */
export async function awaitServers(
  { disk, processes, progress }: Machine,
  cluster: Cluster,
  own: string,
): Promise<void> {
  const waits = directives(disk, 'forge-bootstrap.service', 'ExecStart').includes(WAIT);
  await processes.until(async () => {
    const nodes = await cluster.api.list<ServerNode>(SERVERS).catch(() => []);
    if (nodes.length === 0) return false;
    const newer = nodes
      .map(({ status }) => status?.nodeInfo?.kubeletVersion ?? '')
      .find((version) => compareVersions(own, version) > 0);
    if (newer === undefined) return true;
    const reason = `a server runs k3s ${newer}, and this worker has ${own}`;
    if (!waits) throw new BootFailure(`Kubernetes supports no kubelet that is newer than an API server: ${reason}.`);
    progress(`Waiting for the servers: ${reason}.`);
    return false;
  });
}

/** Negative, 0 or positive, as for a sort. */
function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  const differing = first!.findIndex((number, index) => number !== second![index]);
  return differing < 0 ? 0 : first![differing]! - (second![differing] ?? 0);
}
