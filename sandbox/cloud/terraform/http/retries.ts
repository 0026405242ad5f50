/** When a request is sent again: as go-retryablehttp decides, which the real provider uses. */
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ValueObject } from '../engine/resource';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends until there is an answer that is not worth a retry, or the attempts are used up.
 *
 * @param retry the data source's block: how many further attempts, and how long to wait between them
 * @throws also for an answer, when that was worth a retry and no attempt is left
 */
export async function withRetries(
  retry: ValueObject,
  signal: AbortSignal,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const given = (name: string, otherwise: number) => (retry[name] ?? otherwise) as number;
  const [attempts, least, most] = [given('attempts', 0), given('min_delay_ms', 1_000), given('max_delay_ms', 30_000)];
  for (let attempt = 1; ; attempt++) {
    const { answer, error } = await outcome(send);
    if (answer !== undefined && !isTemporary(answer.status)) return answer;
    if (signal.aborted) throw signal.reason as Error;
    if (attempt > attempts || isUntrusted(error)) {
      throw new Error(`giving up after ${attempt} attempt(s)${error === undefined ? '' : `: ${error.message}`}`);
    }
    const delay = askedDelayMs(answer) ?? Math.min(least * 2 ** (attempt - 1), most);
    await sleep(delay, undefined, { signal }).catch(() => {
      throw signal.reason as Error;
    });
  }
}

interface Outcome {
  readonly answer?: HttpAnswer;
  readonly error?: NodeJS.ErrnoException;
}

function outcome(send: () => Promise<HttpAnswer>): Promise<Outcome> {
  return send().then(
    (answer) => ({ answer }),
    (error: NodeJS.ErrnoException) => ({ error }),
  );
}

function isTemporary(status: number): boolean {
  return status === 429 || status === 0 || (status >= 500 && status !== 501);
}

/** A server whose certificate is wrong will not get a better one by waiting. */
function isUntrusted(error: NodeJS.ErrnoException | undefined): boolean {
  const code = error?.code ?? '';
  return /CERT|VERIFY|ISSUER|_CA$/.test(code) && !code.startsWith('ERR_SSL');
}

/** What a busy server asks to wait. */
function askedDelayMs(answer: HttpAnswer | undefined): number | undefined {
  if (answer?.status !== 429 && answer?.status !== 503) return undefined;
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  return Number.isInteger(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
