/** Requests since the last full hour, for the headers that tell how many are left. Counted, but never refused. */
export interface RequestCount {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Unix time at which it starts again, in seconds. */
  readonly reset: number;
}

const HOUR_S = 3600;

/** @param limit requests in an hour */
export function countRequests(limit: number): () => RequestCount {
  let reset = 0;
  let used = 0;
  return () => {
    const now = Math.floor(Date.now() / 1000);
    if (now >= reset) {
      reset = (Math.floor(now / HOUR_S) + 1) * HOUR_S;
      used = 0;
    }
    used += 1;
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  };
}
