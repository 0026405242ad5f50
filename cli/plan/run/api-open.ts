import { outputId } from '#stacks/contract';
import { networkOutputs } from '#stacks/network/outputs';
import { clusterAccess } from '#cli/kubeconfig/cluster-access';
import { KubernetesClient } from '#clients/kubernetes/client';
import type { Terminal } from '#cli/output/terminal';
import type { PublishedOutputs } from './upstream';

/** Whether the Kubernetes API can be reached from here, and says that it is ready. It has two seconds to say so. */
export async function isApiOpen(terminal: Terminal, { network }: PublishedOutputs): Promise<boolean> {
  if (!Object.keys(networkOutputs).every((name) => network.has(outputId(name)))) return false;
  const client = new KubernetesClient(await clusterAccess(terminal));
  try {
    return await client.isReady();
  } finally {
    client.close();
  }
}
