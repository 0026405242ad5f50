/** The lock that Terraform puts beside a state while it works on it. */
import type { SpacesClient } from '#clients/spaces/client';
import { readObject } from './bucket-object';
import { age, printable, time } from '../output/text';

export interface Lock {
  readonly id: string;
  /** User and machine. */
  readonly who: string;
  /** Such as `OperationTypeApply`. */
  readonly operation: string;
  /** ISO 8601; empty when the lock does not say. */
  readonly created: string;
  /** Tell one writing of the lock from the next. */
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
}

/** The lock at a key; undefined when nobody holds it. */
export async function readLock(spaces: SpacesClient, key: string): Promise<Lock | undefined> {
  const object = await readObject(spaces, key);
  if (object === undefined) return undefined;
  const { ID, Who, Operation, Created } = parseLock(object.text);
  return {
    id: text(ID),
    who: text(Who),
    operation: text(Operation),
    created: text(Created),
    etag: object.etag,
    versionId: object.versionId,
  };
}

/** Who holds it, doing what, since when. */
export function describeLock({ id, who, operation, created }: Lock, now: Date): string {
  const since = new Date(created);
  const when = Number.isNaN(since.getTime()) ? 'at an unknown time' : `${time(since)} (${age(since, now)} ago)`;
  const what = operation.replace(/^OperationType/, '').toLowerCase() || 'an unknown operation';
  return `held by ${printable(who || 'somebody unknown')} for ${printable(what)} since ${when}, lock id ${printable(id || 'unknown')}`;
}

/** A lock that cannot be read is a lock all the same. */
function parseLock(content: string): Record<string, unknown> {
  try {
    return (JSON.parse(content) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
