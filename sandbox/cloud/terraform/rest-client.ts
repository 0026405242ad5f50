/** How a stand-in for a provider talks to an API: plain HTTP, as the official one does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError, type ValueObject } from './engine/resource';

/** An answer that is no success, or no answer at all. */
export class RestFailure extends Error {
  override readonly name = 'RestFailure';

  /**
   * @param status of the answer; 0 when the connection broke
   * @param attempts after which the client gave up; 0 for a failure that it does not try again
   */
  constructor(
    readonly method: string,
    readonly url: string,
    readonly status: number,
    message: string,
    readonly requestId = '',
    readonly attempts = 0,
    /** The whole of what the API said. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export interface RestClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  delete(path: string, body?: unknown): Promise<void>;
}

export interface RestOptions {
  readonly signal?: AbortSignal;
  /** How often a request is repeated that had no answer, or one with a status of 500 and more. Default: never. */
  readonly retries?: number;
}

/** How a provider words what its API refused. */
export type Wording = (failure: RestFailure) => string;

/** Official providers begin with a second; nothing here recovers by time. */
const FIRST_WAIT_MS = 20;

/**
 * @param url of the API, without a path at its end
 * @param token empty where the provider block has none: the API refuses it
 */
export function restClient(url: string, token: string, { signal, retries = 0 }: RestOptions = {}): RestClient {
  const once = async <T>(method: string, path: string, body: unknown, attempt: number): Promise<T> => {
    const target = `${url}${path}`;
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(target, { method, signal, headers, body: JSON.stringify(body) }).catch(
      (cause: unknown) => {
        signal?.throwIfAborted();
        // As a Go program prints it.
        const verb = method.charAt(0) + method.slice(1).toLowerCase();
        throw new RestFailure(method, target, 0, `${verb} "${target}": ${reasonOf(cause)}`);
      },
    );
    const text = await answer.text();
    if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    const details = refusal(text);
    const { message = text, request_id } = details;
    const attempts = retries > 0 && answer.status >= 500 ? attempt + 1 : 0;
    throw new RestFailure(method, target, answer.status, message, request_id, attempts, details);
  };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once<T>(method, path, body, attempt);
      } catch (error) {
        if (!(error instanceof RestFailure) || attempt === retries) throw error;
        if (error.status !== 0 && error.status < 500) throw error;
        await sleep(FIRST_WAIT_MS * 2 ** attempt, undefined, { signal });
      }
    }
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    delete: (path, body) => ask('DELETE', path, body),
  };
}

/**
 * Does something through the API.
 *
 * @param action how the official provider begins its message, such as `Error creating VPC`; may be empty
 */
export async function calling<T>(action: string, wording: Wording, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RestFailure) throw new ProviderError([action, wording(error)].filter(Boolean).join(': '));
    throw error;
  }
}

/** Reads a resource; null when the API does not have it. */
export function reading(
  action: string,
  wording: Wording,
  work: () => Promise<ValueObject | null>,
): Promise<ValueObject | null> {
  return calling(action, wording, () => unlessGone(work, null));
}

/** Deletes a resource; one that is gone already is fine. */
export function deleting(action: string, wording: Wording, work: () => Promise<unknown>): Promise<void> {
  return calling(action, wording, async () => {
    await unlessGone(work, undefined);
  });
}

export async function unlessGone<T>(work: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RestFailure && error.status === 404) return gone;
    throw error;
  }
}

interface Refusal extends Record<string, unknown> {
  readonly message?: string;
  readonly request_id?: string;
}

function refusal(text: string): Refusal {
  try {
    return JSON.parse(text) as Refusal;
  } catch {
    return {};
  }
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}
