/** The Nodes of a cluster's droplets, kept as the cloud controller manager keeps them. */
import type { KubernetesClient } from '#clients/kubernetes/client';
import { isReady, type KubernetesObject } from '#clients/kubernetes/object';
import { providerId, type RegisteredNode } from './node-object';

interface NodeView extends KubernetesObject {
  readonly spec?: { readonly providerID?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const NODES = '/api/v1/nodes';
const INSTANCE_TYPE = 'node.kubernetes.io/instance-type';

/** Read by stages/node.yaml. */
const KUBELET = 'sandbox.forge/kubelet';

/** If the Node is there already, its kubelet comes back, and says what the machine has now. */
export async function registerNode(api: KubernetesClient, node: RegisteredNode): Promise<void> {
  if (await api.create(NODES, node)) return;
  const { metadata, status } = node;
  const labels = { [INSTANCE_TYPE]: metadata.labels![INSTANCE_TYPE] };
  await api.patch(`${NODES}/${metadata.name}`, { metadata: { labels, annotations: { [KUBELET]: null } } });
  const { capacity, allocatable } = status;
  await api.patch(`${NODES}/${metadata.name}/status`, { status: { capacity, allocatable } });
}

/**
 * A machine is dead: nobody says any more how its Node is. Kubernetes takes 50 s to see that (k3s' and its own default
 * grace); from there on its real controllers decide what leaves the Node, and when.
 */
export async function loseKubelet(api: KubernetesClient, name: string): Promise<void> {
  await api.patch(`${NODES}/${name}`, { metadata: { annotations: { [KUBELET]: 'dead' } } });
  const node = await api.get<NodeView>(`${NODES}/${name}`);
  const conditions = (node?.status?.conditions ?? []).map((condition) => ({
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  }));
  await api.patch(`${NODES}/${name}/status`, { status: { conditions } });
}

export async function isNodeReady(api: KubernetesClient, name: string): Promise<boolean> {
  const node = await api.get<NodeView>(`${NODES}/${name}`);
  return isReady(node?.status);
}

/** Removes a lost machine's Node, and its pods at once: there is no kubelet left that could say that they ended. */
export async function removeNode(api: KubernetesClient, name: string): Promise<void> {
  await api.delete(`${NODES}/${name}`);
  const pods = await api.list(`/api/v1/pods?fieldSelector=spec.nodeName%3D${name}`);
  await Promise.all(
    pods.map(({ metadata }) => api.delete(`/api/v1/namespaces/${metadata.namespace ?? ''}/pods/${metadata.name}`, 0)),
  );
}

/** Removes the Nodes whose droplets are gone: a snapshot brings them back.
 *  @returns their names */
export async function removeOrphans(api: KubernetesClient, dropletIds: readonly number[]): Promise<string[]> {
  const known = new Set(dropletIds.map(providerId));
  const nodes = await api.list<NodeView>(NODES);
  const orphans = nodes.filter(({ spec }) => !known.has(spec?.providerID ?? '')).map(({ metadata }) => metadata.name);
  for (const name of orphans) await removeNode(api, name);
  return orphans;
}
