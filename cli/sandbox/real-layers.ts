/** Waits for Argo CD in a real cluster, as it tells of its Applications itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { daemonStatus } from '#sandbox/daemon/daemon-process';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import type { ApplicationObject } from '../status/api-objects';
import { pendingRefreshes, requestRefresh } from '../wait/refresh';

/** The root, and the layer that it holds. */
const APPLICATIONS = ['root', 'layer-00-infra'];
const LIMIT_MS = 900_000;
/** Also the pause between two questions to Git, which Argo CD would ask every two minutes. */
const POLL_MS = 5000;

/** @throws CommandFailure with what Argo CD says when it has not applied the newest commit in time */
export async function layersSynced(sandbox: RunningSandbox, progress: (line: string) => void): Promise<void> {
  const client = new KubernetesClient(accessFromKubeconfig(kubeconfigFile(sandbox, 'admin')));
  const head = (await daemonStatus(sandbox.folder))?.git.head;
  try {
    for (const end = Date.now() + LIMIT_MS; ; await sleep(POLL_MS)) {
      const waiting = await look(client, head);
      if (waiting === undefined) return;
      progress(waiting);
      if (Date.now() > end) throw new CommandFailure(`Argo CD has not applied what is in Git. ${waiting}.`);
    }
  } finally {
    client.close();
  }
}

async function look(client: KubernetesClient, head: string | undefined): Promise<string | undefined> {
  const all = await client.list<ApplicationObject>('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications');
  const found = all.filter(({ metadata }) => APPLICATIONS.includes(metadata.name));
  const waiting = whatIsNotSynced(found, head);
  if (waiting !== undefined && pendingRefreshes(found).length === 0) await requestRefresh(client, found);
  return waiting;
}

/** @param head the commit that must be applied @returns the first that is not, and why; undefined when all are */
export function whatIsNotSynced(found: readonly ApplicationObject[], head: string | undefined): string | undefined {
  return APPLICATIONS.map((name) => notSynced(name, found, head)).find((reason) => reason !== undefined);
}

function notSynced(name: string, found: readonly ApplicationObject[], head: string | undefined): string | undefined {
  const status = found.find(({ metadata }) => metadata.name === name)?.status;
  if (status?.sync === undefined) return `${name}: Argo CD has not looked at it yet`;
  const { sync, conditions = [], operationState } = status;
  if (sync.status === 'Synced' && sync.revision === head) return undefined;
  const said = conditions[0]?.message ?? operationState?.message ?? '';
  return `${name}: ${sync.status} at ${sync.revision?.slice(0, 7) ?? 'no commit'}${said === '' ? '' : `, ${said}`}`;
}
