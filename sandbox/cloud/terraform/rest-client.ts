/** How a stand-in for a provider talks to an API: plain HTTP, as the official one does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from './engine/resource';

/** What an API says of a request that it did not do. */
export interface Refusal {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly message: string;
  /** The whole of what it says. */
  readonly body: Readonly<Record<string, unknown>>;
  /** After how many requests the client gave up; 0 for a refusal that it does not try to change. */
  readonly attempts: number;
}

/** A refusal in the words of the provider's own client, or an answer that did not come. */
export class RestFailure extends ProviderError {
  /** @param status 0 when there was no answer */
  constructor(
    summary: string,
    readonly status: number,
  ) {
    super(summary);
  }
}

export interface RestOptions {
  readonly wording: (refusal: Refusal) => string;
  /** How often a request is repeated that had no answer, or one with a status of 500 and more. Default: never. */
  readonly retries?: number;
}

/** Official providers begin with a second; nothing here recovers by time. */
const FIRST_WAIT_MS = 20;

export class RestClient {
  /**
   * @param url of the API, without a path at its end
   * @param token empty where the provider block has none: the API refuses it
   */
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly options: RestOptions,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.ask('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.ask('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.ask('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.ask('PATCH', path, body);
  }

  delete(path: string, body?: unknown): Promise<void> {
    return this.ask('DELETE', path, body);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { retries = 0 } = this.options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.askOnce<T>(method, path, body, attempt);
      } catch (error) {
        const mayPass = error instanceof RestFailure && (error.status === 0 || error.status >= 500);
        if (!mayPass || attempt === retries) throw error;
        await sleep(FIRST_WAIT_MS * 2 ** attempt);
      }
    }
  }

  private async askOnce<T>(method: string, path: string, body: unknown, attempt: number): Promise<T> {
    const { wording, retries = 0 } = this.options;
    const url = `${this.url}${path}`;
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) }).catch((cause: unknown) => {
      // As a Go program prints it.
      const verb = method.charAt(0) + method.slice(1).toLowerCase();
      throw new RestFailure(`${verb} "${url}": ${reasonOf(cause)}`, 0);
    });
    const { status, ok } = answer;
    const text = await answer.text();
    if (ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    const said = parsed(text);
    const { message = text } = said as { message?: string };
    const attempts = retries > 0 && status >= 500 ? attempt + 1 : 0;
    throw new RestFailure(wording({ method, url, status, message, body: said, attempts }), status);
  }
}

/** What is asked for, or undefined when the API does not have it. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RestFailure && error.status === 404) return undefined;
    throw error;
  }
}

function parsed(text: string): Refusal['body'] {
  try {
    return JSON.parse(text) as Refusal['body'];
  } catch {
    return {};
  }
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
}
