/** How a stand-in for a provider talks to an API: plain HTTP, as the official one does. */
import { ProviderError, type ValueObject } from './engine/resource';

/** An answer that is no success, or no answer at all. */
export class RestFailure extends Error {
  override readonly name = 'RestFailure';

  /** @param status of the answer; 0 when the connection broke */
  constructor(
    readonly method: string,
    readonly url: string,
    readonly status: number,
    message: string,
    readonly requestId = '',
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

/** How a provider words what its API refused. */
export type Wording = (failure: RestFailure) => string;

/**
 * @param url of the API, without a path at its end
 * @param token empty where the provider block has none: the API refuses it
 */
export function restClient(url: string, token: string, signal?: AbortSignal): RestClient {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new RestFailure(method, `${url}${path}`, 0, `${method} "${url}${path}": ${reasonOf(cause)}`);
    });
    const text = await answer.text();
    if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    const { message = text, request_id } = refusal(text);
    throw new RestFailure(method, `${url}${path}`, answer.status, message, request_id);
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

function refusal(text: string): { message?: string; request_id?: string } {
  try {
    return JSON.parse(text) as { message?: string; request_id?: string };
  } catch {
    return {};
  }
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}
