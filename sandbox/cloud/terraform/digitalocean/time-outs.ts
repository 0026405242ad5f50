/**
 * How long a delete may take, in emulated seconds: nothing really waits. A delete is given no configuration, so the
 * provider keeps the time-outs of the last change with the resource, as terraform-plugin-sdk does in the private data.
 */
import type { ValueObject } from '../engine/resource';
import { blocks, text } from '../attributes';

/** Takes seconds. False when so many were not left. */
export type Budget = (seconds: number) => boolean;

const SECONDS = { h: 3600, m: 60, s: 1 };

export function timeOutNotes(_state: ValueObject, config: ValueObject): ValueObject {
  const [timeouts = {}] = blocks(config, 'timeouts');
  return { delete: text(timeouts, 'delete') };
}

export function deleteBudget(notes: ValueObject | undefined, otherwise: number): Budget {
  let left = duration(text(notes ?? {}, 'delete')) ?? otherwise;
  return (seconds) => (left -= seconds) >= 0;
}

/** Seconds of a Go duration such as `1h30m`. */
function duration(written: string): number | undefined {
  const parts = [...written.matchAll(/([\d.]+)([hms])/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
}
