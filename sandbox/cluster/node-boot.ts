/** The last part of every boot: the machine's kubelet registers its Node. */
import type { Cluster } from './cluster';
import { isNodeReady, registerNode } from './cluster-nodes';
import { openKubeletPort } from './kubelet-port';
import type { Machine } from './machine';

/** Returns when the Node is Ready. */
export async function becomeNode(
  { droplet, processes, progress }: Machine,
  cluster: Cluster,
  node: object,
  name: string,
): Promise<void> {
  progress('Waiting for the node to become Ready.');
  await processes.attach(await openKubeletPort(cluster, name, droplet.publicAddress));
  await registerNode(cluster.api, node);
  await processes.until(() => isNodeReady(cluster.api, name));
}
