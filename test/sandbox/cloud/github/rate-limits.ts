/** GitHub's two kinds of limits, as faults for `injectFault`. */
import type { Fault } from '#sandbox/cloud/http/faults';

export interface RateLimitFault extends Partial<Pick<Fault, 'operation' | 'times'>> {
  /** Seconds that the caller is asked to wait; the default is a minute. */
  readonly waitSeconds?: number;
}

/** The requests of this hour are used up: the caller must wait until `x-ratelimit-reset`. */
export function primaryRateLimit({ waitSeconds = 60, operation = '*', ...times }: RateLimitFault = {}): Fault {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${unixTime() + waitSeconds}` };
  const message = 'API rate limit exceeded for this user.';
  return { operation, ...times, effect: { kind: 'error', status: 403, id: 'rate_limited', message, headers } };
}

/** Too many requests in a short time: the caller must wait for `retry-after`. */
export function secondaryRateLimit({ waitSeconds = 60, operation = '*', ...times }: RateLimitFault = {}): Fault {
  const headers = { 'retry-after': `${waitSeconds}` };
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return { operation, ...times, effect: { kind: 'error', status: 403, id: 'rate_limited', message, headers } };
}

function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}
