/** What makes an environment go, one step after the other. Each can be done again. */
import { snapshotBucketName } from '#stacks/network/names';
import type { StackName } from '#stacks/stack-names';
import { clusterAccess } from '../kubeconfig/cluster-access';
import { CommandFailure } from '#clients/failure';
import { KubernetesClient } from '#clients/kubernetes/client';
import { connectSpaces, spacesTarget, type SpacesClient, type SpacesTarget } from '#clients/spaces/client';
import { backupTargets } from '../bootstrap/backup-buckets';
import type { Terminal } from '../output/terminal';
import type { Cdktf } from '../plan/synth';
import { readState } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import { endOf, runProgram, unattended } from '#clients/program';
import { until } from '#clients/until';
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
const VOLUMES_LIMIT_MS = 10 * 60_000;

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
  const client = new KubernetesClient(await clusterAccess(terminal, 'admin'));
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
    for (const { metadata } of await optionalList<Named>(client, `${ARGOCD_WORKLOADS}/${kind}`)) {
      progress(metadata.name);
      await client.patch(`${ARGOCD_WORKLOADS}/${kind}/${metadata.name}`, { spec: { replicas: 0 } });
    }
  }
  await untilOr(async () => (await client.list<Named>(ARGOCD_PODS)).length === 0, STOP_LIMIT_MS, 'Argo CD still runs');
  for (const { metadata } of await optionalList<Named>(client, APPLICATIONS)) {
    progress(metadata.name);
    // Argo CD is stopped, so it can no longer carry out its finalizer.
    await client.patch(`${APPLICATIONS}/${metadata.name}`, {
      metadata: { finalizers: null },
      spec: { syncPolicy: { automated: null } },
    });
  }
}

/** A kind that the cluster does not know has no objects. */
async function optionalList<T>(client: KubernetesClient, path: string): Promise<T[]> {
  try {
    return await client.list<T>(path);
  } catch (error) {
    if ((error as { status?: number }).status === 404) return [];
    throw error;
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
  for (const { metadata, spec } of await client.list<Service>('/api/v1/services')) {
    if (spec.type !== 'LoadBalancer') continue;
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
  await untilNoVolumes(client, progress);
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

async function untilNoVolumes(client: KubernetesClient, progress: Progress): Promise<void> {
  const areGone = async () => {
    const left = await cloudVolumes(client);
    progress(`waiting for ${left.length} volumes to be deleted`);
    return left.length === 0;
  };
  await untilOr(areGone, VOLUMES_LIMIT_MS, 'Volumes of the cluster are still there');
}

async function untilOr(check: () => Promise<boolean>, limit: number, otherwise: string): Promise<void> {
  const what = () => new CommandFailure(`${otherwise} after ${limit / 60_000} minutes. Run this again.`);
  await until(check, { every: POLL_MS, limit, what });
}

/** The bucket of the etcd snapshots, which `forge bootstrap` made. Without the keys in the state nobody can read them any more. */
export function deleteSnapshotBucket({ config, terminal }: CloudSession, progress: Progress): Promise<void> {
  return deleteBucket(
    { ...spacesTarget(config, terminal.env), bucket: snapshotBucketName(config) },
    terminal,
    progress,
  );
}

/** With every version of every backup. */
export async function deleteBackups({ config, terminal }: CloudSession, progress: Progress): Promise<void> {
  for (const target of backupTargets(config, terminal.env)) await deleteBucket(target, terminal, progress);
}

/** A connection of its own: what goes wrong is told with the name of the bucket. */
async function deleteBucket(target: SpacesTarget, terminal: Terminal, progress: Progress): Promise<void> {
  const spaces = await connectSpaces(target, terminal.notify);
  try {
    await emptyBucket(spaces, progress);
    await spaces.perform((s3, { DeleteBucketCommand }) => s3.send(new DeleteBucketCommand({ Bucket: target.bucket })));
  } catch (error) {
    if ((error as { code?: string }).code !== 'NoSuchBucket') throw error;
  } finally {
    spaces.close();
  }
}

async function emptyBucket(spaces: SpacesClient, progress: Progress): Promise<void> {
  const { bucket } = spaces;
  for (let keys = await someObjects(spaces); keys.length > 0; keys = await someObjects(spaces)) {
    progress(`${keys.length} objects of ${bucket}`);
    for (const { Key, VersionId } of keys) {
      await spaces.perform((s3, { DeleteObjectCommand }) =>
        s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })),
      );
    }
  }
}

async function someObjects({ perform, bucket: Bucket }: SpacesClient) {
  const page = await perform((s3, { ListObjectVersionsCommand }) => s3.send(new ListObjectVersionsCommand({ Bucket })));
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
}

export async function destroyStack(
  { terminal }: CloudSession,
  { program, checkout }: Cdktf,
  stack: StackName,
  progress: Progress,
): Promise<void> {
  const args = ['destroy', stack, '--auto-approve'];
  const { code, text } = await runProgram(program, args, { cwd: checkout, env: unattended(terminal.env), progress });
  if (code !== 0) throw programFailed(`cdktf destroy ${stack}`, text);
}

/** @param what such as `cdktf destroy network` @param text what it said */
export function programFailed(what: string, text: string): CommandFailure {
  return new CommandFailure(`${what} failed:\n${endOf(text)}\nPut this right, and run this again.`);
}
