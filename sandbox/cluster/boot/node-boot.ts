/** The last part of every boot: the machine's kubelet registers its Node. */
import type { Cluster } from '../cluster';
import { isNodeReady, registerNode } from '../nodes/cluster-nodes';
import { issueKubeletCertificates } from '../nodes/kubelet-certificates';
import { openKubeletPort } from '../nodes/kubelet-port';
import type { RegisteredNode } from '../nodes/node-object';
import type { Machine } from '../machine';

/** Returns when the Node is Ready. */
export async function becomeNode(
  { droplet, disk, processes, progress }: Machine,
  cluster: Cluster,
  node: RegisteredNode,
  name: string,
): Promise<void> {
  progress('Waiting for the node to become Ready.');
  const serving = await issueKubeletCertificates(disk, cluster, name, droplet.publicAddress);
  await processes.attach(await openKubeletPort(cluster, serving, droplet.publicAddress));
  await registerNode(cluster.api, node);
  await processes.until(() => isNodeReady(cluster.api, name));
}
