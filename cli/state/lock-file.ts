/** The lock that Terraform puts beside a state while it works on it. */
import type { SpacesClient } from '#clients/spaces/client';
import { readObject } from './bucket-object';
import { age, printable, time } from '../output/text';

const CLOCK_DIFFERENCE_MS = 60_000;

export interface Lock {
  /** Empty when the object does not say: what is there is a lock all the same. */
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

/** Who holds it, doing what, since when, as far as it says. */
export function describeLock({ id, who, operation, created }: Lock, now: Date): string {
  const what = operation.replace(/^OperationType/, '').toLowerCase() || 'an unknown operation';
  const name = id === '' ? 'without a lock id' : `lock id ${printable(id)}`;
  return `held by ${printable(who.trim() || 'somebody unknown')} for ${printable(what)}${since(created, now)}, ${name}`;
}

/** Nothing for a time that is none, such as Go's year 1. */
function since(created: string, now: Date): string {
  const start = new Date(created);
  if (!/^[2-9]\d{3}-/.test(created) || Number.isNaN(start.getTime())) return '';
  const isFuture = start.getTime() - now.getTime() > CLOCK_DIFFERENCE_MS;
  return ` since ${time(start)} (${isFuture ? 'which is still to come: a clock is wrong' : `${age(start, now)} ago`})`;
}

/** How to remove it, as arguments: its id where a person can type that, in a shell, too. */
export function unlockArguments({ id }: Lock): string {
  return isTyped(id) ? `--id ${id}` : '--force';
}

export function isTyped(id: string): boolean {
  return /^\w[\w.:-]*$/.test(id);
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
