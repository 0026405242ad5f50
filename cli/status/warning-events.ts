import type { EventObject } from './api-objects';
import type { Trouble } from './platform-status';

/** What the cluster last complained of about an object. Kubernetes keeps events for an hour. */
export function newestWarning(
  events: readonly EventObject[],
  kind: string,
  name: string,
): Pick<Trouble, 'reason' | 'message'> | undefined {
  const newest = events
    .filter(({ involvedObject, type }) => type === 'Warning' && isOf(involvedObject, kind, name))
    .sort((one, other) => timeOf(one).localeCompare(timeOf(other)))
    .at(-1);
  return newest && { reason: newest.reason ?? 'Warning', message: newest.message ?? '' };
}

function isOf(object: EventObject['involvedObject'], kind: string, name: string): boolean {
  return object?.kind === kind && object.name === name;
}

function timeOf({ lastTimestamp, eventTime, metadata }: EventObject): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
}
