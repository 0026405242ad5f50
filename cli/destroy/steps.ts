/** What makes an environment go, one step after the other. Each can be done again. */
import type { StackName } from '#stacks/stack-names';
import { clusterAccess } from '../kubeconfig/cluster-access';
import { CommandFailure, isNotFound } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { backupTargets } from '../bootstrap/backup-buckets';
import { copyStates } from '../state/copy';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import { until } from '#clients/until';
import { deleteBucket, snapshotTarget } from '../sweep/buckets';
import type { CloudObject } from '../sweep/kinds';
import { isOfCluster, listOrNone, listUnmanaged } from '../sweep/orphans';
import type { CloudSession } from '../sweep/session';

export type Progress = (line: string) => void;

interface Named {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const ARGOCD_WORKLOADS = '/apis/apps/v1/namespaces/argocd';
const ARGOCD_PODS = '/api/v1/namespaces/argocd/pods';
const POLL_MS = 1000;
const STOP_LIMIT_MS = 2 * 60_000;
const GIVE_BACK_LIMIT_MS = 10 * 60_000;

/** Whether a stack has anything to destroy. */
export async function isDeployed({ spaces, config }: CloudSession, stack: StackName): Promise<boolean> {
  const state = await readState(spaces, stateKeyOf(config, stack));
  return state?.resources.some(({ mode }) => mode === 'managed') ?? false;
}

/** Runs with a connection to the cluster. @throws CommandFailure when its API does not answer */
export async function inCluster(
  { terminal }: CloudSession,
  work: (client: KubernetesClient) => Promise<void>,
): Promise<void> {
  const client = new KubernetesClient(await clusterAccess(terminal));
  try {
    if (!(await client.isReady())) {
      throw new CommandFailure(
        `${client.server} does not answer. Open it, and run this again: npx forge access open\nIf it will never answer again: --without-cluster`,
      );
    }
    await work(client);
  } finally {
    client.close();
  }
}

/** Argo CD would make again what the next steps remove. */
export async function stopArgoCd(client: KubernetesClient, progress: Progress): Promise<void> {
  for (const kind of ['statefulsets', 'deployments']) {
    for (const { metadata } of await listOrNone<Named>(client, `${ARGOCD_WORKLOADS}/${kind}`)) {
      progress(metadata.name);
      await client.patch(`${ARGOCD_WORKLOADS}/${kind}/${metadata.name}`, { spec: { replicas: 0 } });
    }
  }
  await untilOr(async () => (await client.list<Named>(ARGOCD_PODS)).length === 0, STOP_LIMIT_MS, 'Argo CD still runs');
  for (const { metadata } of await listOrNone<Named>(client, APPLICATIONS)) {
    progress(metadata.name);
    // Argo CD is stopped, so it can no longer carry out its finalizer.
    await client.patch(`${APPLICATIONS}/${metadata.name}`, {
      metadata: { finalizers: null },
      spec: { syncPolicy: { automated: null } },
    });
  }
}

interface Service extends Named {
  readonly spec: { readonly type?: string };
}

interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly csi?: object; readonly persistentVolumeReclaimPolicy?: string };
}

/** Load balancers and volumes that the cluster itself had made. Whatever uses a volume goes first. */
export async function removeCloudObjects(client: KubernetesClient, progress: Progress): Promise<void> {
  for (const { metadata } of await balancedServices(client)) {
    progress(`Service ${metadata.namespace}/${metadata.name}`);
    await client.delete(`/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`);
  }
  const claims = await client.list<Named>('/api/v1/persistentvolumeclaims');
  for (const namespace of new Set(claims.map(({ metadata }) => metadata.namespace)))
    await stopWorkloads(client, namespace);
  for (const volume of await cloudVolumes(client)) {
    await client.patch(`/api/v1/persistentvolumes/${volume.metadata.name}`, {
      spec: { persistentVolumeReclaimPolicy: 'Delete' },
    });
  }
  for (const { metadata } of claims) {
    progress(`Claim ${metadata.namespace}/${metadata.name}`);
    await client.delete(`/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${metadata.name}`);
  }
  await untilGone(() => cloudVolumes(client), 'volumes', progress);
  await untilGone(() => balancedServices(client), 'load balancers', progress);
}

/** Each has a load balancer, and stays until the cloud controller manager has deleted that. */
async function balancedServices(client: KubernetesClient): Promise<Service[]> {
  return (await client.list<Service>('/api/v1/services')).filter(({ spec }) => spec.type === 'LoadBalancer');
}

async function stopWorkloads(client: KubernetesClient, namespace: string): Promise<void> {
  const kinds = [
    'apps/v1/statefulsets',
    'apps/v1/deployments',
    'apps/v1/daemonsets',
    'batch/v1/cronjobs',
    'batch/v1/jobs',
  ];
  for (const kind of kinds) {
    const [group, version, plural] = kind.split('/') as [string, string, string];
    const path = `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
    for (const { metadata } of await client.list<Named>(path)) await client.delete(`${path}/${metadata.name}`);
  }
}

async function cloudVolumes(client: KubernetesClient): Promise<Volume[]> {
  return (await client.list<Volume>('/api/v1/persistentvolumes')).filter(({ spec }) => spec.csi !== undefined);
}

async function untilGone(list: () => Promise<unknown[]>, what: string, progress: Progress): Promise<void> {
  const areGone = async () => {
    const left = await list();
    progress(`waiting for ${left.length} ${what} to be deleted`);
    return left.length === 0;
  };
  await untilOr(areGone, GIVE_BACK_LIMIT_MS, `The cluster still has ${what}`);
}

async function untilOr(check: () => Promise<boolean>, limit: number, otherwise: string): Promise<void> {
  const what = () => new CommandFailure(`${otherwise} after ${limit / 60_000} minutes. Run this again.`);
  await until(check, { every: POLL_MS, limit, what });
}

/** The bucket of the etcd snapshots, which `forge bootstrap` made. */
export async function deleteSnapshotBucket({ config, terminal }: CloudSession, progress: Progress): Promise<void> {
  await deleteBucket(snapshotTarget(config, terminal.env), terminal, progress);
}

/** There is nothing in them any more. A forge whose buckets are older than the copies may have no place for them. */
export async function copyEmptyStates({ config, terminal }: CloudSession): Promise<void> {
  await copyStates(terminal, config).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** With every version of every backup. */
export async function deleteBackups({ config, terminal }: CloudSession, progress: Progress): Promise<void> {
  for (const target of backupTargets(config, terminal.env)) await deleteBucket(target, terminal, progress);
}

/**
 * What the cluster had made and did not give back, and machines that a deploy made and could not write down. All are found by
 * the tag and the VPC, which go with the network. Machines that run without any state are a sign that it is elsewhere.
 */
async function leftovers(session: CloudSession): Promise<readonly CloudObject[]> {
  const { managed, unmanaged } = await listUnmanaged(session);
  if (managed.size === 0 && unmanaged.some(isMachine)) return [];
  return unmanaged.filter((object) => isMachine(object) || isOfCluster(object));
}

function isMachine({ kind }: CloudObject): boolean {
  return kind === 'droplet';
}

export async function hasLeftovers(session: CloudSession): Promise<boolean> {
  return (await leftovers(session)).length > 0;
}

export async function deleteLeftovers(session: CloudSession, progress: Progress): Promise<void> {
  for (const { kind, name, path } of await leftovers(session)) {
    progress(`${kind} ${name}`);
    await session.cloud.delete(path);
  }
}
