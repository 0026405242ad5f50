/** A caller of the emulated API: it gets what the answer is about, and a refusal as an error. */
import { caller, type Call } from '../http/call';

export interface Client {
  get(path: string): Promise<any>;
  post(path: string, body: unknown): Promise<any>;
  put(path: string, body: unknown): Promise<any>;
  patch(path: string, body: unknown): Promise<any>;
  delete(path: string, body?: unknown): Promise<void>;
}

/** An answer that is no success. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
  ) {
    super(message);
  }
}

/** @param url of the API, without a path at its end */
export function client(url: string, token: string): Client {
  const call = caller(url, token);
  const ask = async (...request: Parameters<Call>): Promise<any> => {
    const { status, body = {} } = await call(...request);
    if (status >= 400) throw new Refusal(status, body.id, body.message);
    // Beside it are only links and counts.
    return Object.values(body)[0];
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    delete: (path, body) => ask('DELETE', path, body),
  };
}
