/** Workloads, jobs, claims and ingresses that do not get what they need. */
import type { ClaimObject, Condition, EventObject, IngressObject, JobObject, WorkloadObject } from './api-objects';
import { appStatuses } from './apps';
import { isBackup } from './backups';
import type { Snapshot } from './snapshot';
import type { ObjectName, Trouble } from './platform-status';
import { newestWarning } from './warning-events';

export function objectTroubles(snapshot: Snapshot): Trouble[] {
  const { deployments, statefulSets, jobs, claims, ingresses, events } = snapshot;
  return [
    ...deployments.flatMap(deploymentTrouble),
    ...statefulSets.flatMap((one) => statefulSetTrouble(one, events)),
    ...newestJobs(jobs)
      .filter((job) => !isBackup(job))
      .flatMap(jobTrouble),
    ...claims.flatMap((claim) => claimTrouble(claim, events)),
    ...ingresses.flatMap(ingressTrouble),
  ];
}

/** The deployment controller copies what its ReplicaSets report, such as the quota's refusals. */
function deploymentTrouble({ metadata, status }: WorkloadObject): Trouble[] {
  const conditions = status?.conditions ?? [];
  const failure =
    conditions.find(({ type, status: value }) => type === 'ReplicaFailure' && value === 'True') ??
    conditions.find(({ type, status: value }) => type === 'Progressing' && value === 'False');
  return failure === undefined ? [] : [troubleOf('Deployment', metadata, failure)];
}

/** A StatefulSet has no such conditions: its events say why no pod comes. */
function statefulSetTrouble(set: WorkloadObject, events: readonly EventObject[]): Trouble[] {
  if (appStatuses([], [set])[0]!.healthy) return [];
  const warning = newestWarning(events, 'StatefulSet', set.metadata.name);
  return warning === undefined ? [] : [{ object: nameIn('StatefulSet', set.metadata), ...warning }];
}

/** Of the jobs of one CronJob only the newest counts: the next success mends it. */
export function newestJobs(jobs: readonly JobObject[]): JobObject[] {
  const newest = new Map<string, JobObject>();
  for (const job of jobs) {
    const key = job.metadata.ownerReferences?.[0]?.name ?? job.metadata.name;
    const other = newest.get(key);
    if (other === undefined || createdAt(other) < createdAt(job)) newest.set(key, job);
  }
  return [...newest.values()];
}

function jobTrouble({ metadata, status }: JobObject): Trouble[] {
  const failed = status?.conditions?.find(({ type, status: value }) => type === 'Failed' && value === 'True');
  if (failed === undefined) return [];
  const owner = metadata.ownerReferences?.[0];
  const of = owner && { of: { ...nameIn(owner.kind, metadata), name: owner.name } };
  return [{ ...troubleOf('Job', metadata, failed), ...of }];
}

function claimTrouble({ metadata, status }: ClaimObject, events: readonly EventObject[]): Trouble[] {
  const phase = status?.phase ?? 'Pending';
  if (phase === 'Bound') return [];
  const warning = newestWarning(events, 'PersistentVolumeClaim', metadata.name);
  const object = nameIn('PersistentVolumeClaim', metadata);
  return [{ object, reason: phase, message: 'it has no volume', ...warning }];
}

function ingressTrouble({ metadata, status }: IngressObject): Trouble[] {
  if ((status?.loadBalancer?.ingress ?? []).length > 0) return [];
  const message = 'the ingress controller has not taken it up';
  return [{ object: nameIn('Ingress', metadata), reason: 'NoAddress', message }];
}

function troubleOf(kind: string, metadata: JobObject['metadata'], { type, reason, message }: Condition): Trouble {
  return { object: nameIn(kind, metadata), reason: reason ?? type, message: message ?? type };
}

function nameIn(kind: string, { namespace = '', name }: JobObject['metadata']): ObjectName {
  return { kind, namespace, name };
}

function createdAt({ metadata }: JobObject): string {
  return metadata.creationTimestamp ?? '';
}
