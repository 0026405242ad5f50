import type { Tour } from './tour';

/** One day-2 operation of the guide. */
export interface Operation {
  /** What an operator wants to do. */
  readonly title: string;
  /** Page of docs/ that says how. */
  readonly page: string;
  /** The machines that it can be done on: those that run containers, or processes that only look like it. Default: both. */
  readonly on?: 'containers' | 'processes';
  /** Does it, and throws when the platform does not keep what the guide promises. May leave its changes in Git: they are put back. */
  readonly run: (tour: Tour) => Promise<void>;
}

/** @throws with the promise that is broken */
export function promise(kept: boolean, broken: string): asserts kept {
  if (!kept) throw new Error(broken);
}

/** Seconds since a moment, for people. */
export function since(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
