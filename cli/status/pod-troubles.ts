/** Pods that cannot start or do not stay. */
import type { ContainerStatus, EventObject, PodObject } from './api-objects';
import type { ObjectName, Trouble } from './platform-status';
import { newestWarning } from './warning-events';

const STARTING = new Set(['ContainerCreating', 'PodInitializing']);

export function podTroubles(pods: readonly PodObject[], events: readonly EventObject[]): Trouble[] {
  return pods.flatMap((pod) => {
    const cause = causeOf(pod, events);
    if (cause === undefined) return [];
    const { name, namespace = '' } = pod.metadata;
    const of = ownerOf(pod);
    return [{ object: { kind: 'Pod', namespace, name }, ...cause, ...(of && { of }) }];
  });
}

type Cause = Pick<Trouble, 'reason' | 'message'>;

function causeOf(pod: PodObject, events: readonly EventObject[]): Cause | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const { phase, reason, message, conditions = [] } = pod.status ?? {};
  // The pods of a Job that failed are told by the Job.
  if (phase === 'Succeeded' || (phase === 'Failed' && ownerReference(pod)?.kind === 'Job')) return undefined;
  if (phase === 'Failed') return { reason: reason ?? 'Failed', message: message ?? 'the pod ended' };
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const cause = containerCause(container);
    if (cause !== undefined) return cause;
  }
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'no node takes it' };
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? undefined : newestWarning(events, 'Pod', pod.metadata.name);
}

function containerCause({ name, image, restartCount, state, lastState }: ContainerStatus): Cause | undefined {
  const { reason, message } = state?.waiting ?? {};
  if (reason === undefined || STARTING.has(reason)) return undefined;
  const ended = lastState?.terminated;
  const details = [
    `container ${name}`,
    reason.includes('Image') ? image : undefined,
    ended && `ended with code ${ended.exitCode ?? '?'}${ended.reason ? ` (${ended.reason})` : ''}`,
    restartCount ? `restarted ${restartCount} times` : undefined,
  ].filter((text) => text !== undefined && text !== '');
  // How it ended says more than that it is started again later.
  return { reason, message: details.join(', ') + (message && !ended ? `: ${message}` : '') };
}

/** The Deployment, StatefulSet or other object whose pod it is. */
function ownerOf(pod: PodObject): ObjectName | undefined {
  const reference = ownerReference(pod);
  if (reference === undefined) return undefined;
  const { namespace = '', labels } = pod.metadata;
  const hash = labels?.['pod-template-hash'];
  if (reference.kind === 'ReplicaSet' && hash !== undefined && reference.name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', namespace, name: reference.name.slice(0, -hash.length - 1) };
  }
  return { kind: reference.kind, namespace, name: reference.name };
}

function ownerReference({ metadata }: PodObject): { kind: string; name: string } | undefined {
  return metadata.ownerReferences?.[0];
}
