/** Faults that tests and the guided tour put into the emulated cloud. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, ConnectionLost } from './api-error';

/** What happens instead of, or besides, the ordinary answer. */
export type Effect =
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly id: string;
      readonly message: string;
      /** Of the answer over HTTP, such as `retry-after`. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The caller gets no answer; nothing was written. */
  | { readonly kind: 'crash-before' }
  /** The caller gets no answer, although all was written: an orphan, as in a real cloud. */
  | { readonly kind: 'crash-after' };

export interface Fault {
  /** Operation by its scope, such as `droplet:create`; `droplet:*` for all of a kind, `*` for all. */
  readonly operation: string;
  readonly effect: Effect;
  /** How many calls it hits before it is used up; the default is one. */
  readonly times?: number;
  /** How many calls it lets pass before; the default is none. */
  readonly after?: number;
}

/** The faults that are still to happen. */
export interface Conditions {
  pending: Fault[];
}

export function noConditions(): Conditions {
  return { pending: [] };
}

/** Lets the next matching calls fail. */
export function injectFault(conditions: Conditions, fault: Fault): void {
  conditions.pending = [...conditions.pending, fault];
}

/**
 * Does a call's work under the conditions of the moment.
 *
 * @throws ApiError of an injected fault, ConnectionLost
 */
export async function underConditions<T>(
  conditions: Conditions,
  operation: string,
  work: () => T | Promise<T>,
): Promise<T> {
  const effect = takeEffect(conditions, operation);
  if (effect?.kind === 'delay') await sleep(effect.ms);
  if (effect?.kind === 'error') throw new ApiError(effect.status, effect.id, effect.message, effect.headers);
  if (effect?.kind === 'crash-before') throw new ConnectionLost(operation);
  const result = await work();
  if (effect?.kind === 'crash-after') throw new ConnectionLost(operation);
  return result;
}

/** The effect for a call, taken from the pending ones; undefined when there is none. */
export function takeEffect(conditions: Conditions, operation: string): Effect | undefined {
  const fault = conditions.pending.find((candidate) => matches(candidate.operation, operation));
  if (fault === undefined) return undefined;
  const { after = 0 } = fault;
  if (after > 0) {
    const nearer = { ...fault, after: after - 1 };
    conditions.pending = conditions.pending.map((candidate) => (candidate === fault ? nearer : candidate));
    return undefined;
  }
  const left = (fault.times ?? 1) - 1;
  conditions.pending = conditions.pending.flatMap((candidate) => {
    if (candidate !== fault) return [candidate];
    return left > 0 ? [{ ...fault, times: left }] : [];
  });
  return fault.effect;
}

function matches(pattern: string, operation: string): boolean {
  return (
    pattern === operation || pattern === '*' || (pattern.endsWith(':*') && operation.startsWith(pattern.slice(0, -1)))
  );
}
