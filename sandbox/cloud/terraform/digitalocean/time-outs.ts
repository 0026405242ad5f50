/**
 * How long a delete may take, in emulated seconds: nothing really waits. A delete is given no configuration, so the
 * provider keeps the time-outs of the last change with the resource, as terraform-plugin-sdk does in the private data.
 */
import type { Existing, ValueObject } from '../engine/resource';
import { RestFailure, type RestClient } from '../rest-client';
import { blocks, text } from '../attributes';

/** Takes seconds. False when so many were not left. */
export type Budget = (seconds: number) => boolean;

const SECONDS = { h: 3600, m: 60, s: 1 };
/** The SDK tries again at most every 10 s. */
const RETRY_SECONDS = 10;

export function timeOutsOf(_state: ValueObject, config: ValueObject): ValueObject {
  const [timeouts = {}] = blocks(config, 'timeouts');
  return { delete: text(timeouts, 'delete') };
}

/** @param otherwise seconds that the provider takes when it was not told */
export function deleteBudget({ privateState }: Existing<RestClient>, otherwise: number): Budget {
  let left = duration(text(privateState ?? {}, 'delete')) ?? otherwise;
  return (seconds) => (left -= seconds) >= 0;
}

/** Deletes what the API still refuses with one of these, until the time is over. */
export async function deletePatiently(
  existing: Existing<RestClient>,
  path: string,
  { seconds, refusals }: { readonly seconds: number; readonly refusals: readonly number[] },
): Promise<void> {
  const spend = deleteBudget(existing, seconds);
  for (;;) {
    try {
      return await existing.client.delete(path);
    } catch (error) {
      const isPassing = error instanceof RestFailure && refusals.includes(error.status);
      if (!isPassing || !spend(RETRY_SECONDS)) throw error;
    }
  }
}

/** Seconds of a Go duration such as `1h30m`. */
function duration(written: string): number | undefined {
  const parts = [...written.matchAll(/([\d.]+)([hms])/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
}
