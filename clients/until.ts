import { setTimeout as sleep } from 'node:timers/promises';

export interface Waiting {
  /** Milliseconds from the end of a check to the next one. */
  readonly every: number;
  /** Milliseconds for all checks together. Default: no limit. */
  readonly limit?: number;
  /** What is waited for, or the error when it takes too long. */
  readonly what: string | (() => Error);
}

type Answer<T> = T | undefined | false;

/** Asks again and again until the answer is neither undefined nor false, and returns it. */
export async function until<T>(
  check: () => Answer<T> | Promise<Answer<T>>,
  { every, limit = Infinity, what }: Waiting,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const answer = await check();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() + every > deadline)
      throw typeof what === 'string' ? new Error(`Waited in vain for: ${what}`) : what();
    await sleep(every);
  }
}
