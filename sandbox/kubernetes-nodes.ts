/** Waits for the Nodes of a real cluster, as Kubernetes itself tells of them. */
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { isReady } from '#clients/kubernetes/object';
import { until } from '#clients/until';
import { daemonStatus } from './daemon/daemon-process';
import { kubeconfigFile } from './place/kubeconfigs';
import type { RunningSandbox } from './place/running-sandbox';

interface Node {
  readonly metadata: { readonly name: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const LIMIT_MS = 180_000;
const POLL_MS = 1000;

/** @throws CommandFailure with the machines whose Nodes are not Ready in time */
export async function kubernetesNodesReady(sandbox: RunningSandbox, progress: (line: string) => void): Promise<void> {
  const client = new KubernetesClient(accessFromKubeconfig(kubeconfigFile(sandbox, 'admin')));
  const machines = (await daemonStatus(sandbox.folder))?.droplets ?? [];
  let waiting: readonly string[] = [];
  const allReady = async () => {
    const nodes = await client.list<Node>('/api/v1/nodes').catch(() => []);
    const ready = nodes.filter(({ status }) => isReady(status)).map(({ metadata }) => metadata.name);
    waiting = machines.map(({ name, id }) => `${name}-${id}`).filter((name) => !ready.includes(name));
    if (waiting.length > 0) progress(`not Ready: ${waiting.join(', ')}`);
    return waiting.length === 0;
  };
  const what = () => new CommandFailure(`These nodes are not Ready: ${waiting.join(', ')}`);
  try {
    await until(allReady, { every: POLL_MS, limit: LIMIT_MS, what });
  } finally {
    client.close();
  }
}
