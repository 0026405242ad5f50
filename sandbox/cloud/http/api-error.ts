import { randomUUID } from 'node:crypto';

/** The request that an error answers. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Full URL, as the real provider prints it. */
  readonly url: string;
}

/** An answer of an emulated API that is not a success. */
export class ApiError extends Error {
  readonly requestId = randomUUID();
  /** Set by the call that the error ends. */
  endpoint: Endpoint | undefined;

  /**
   * @param status HTTP status
   * @param id the API's own name of the error, such as `not_found`
   * @param headers of the answer over HTTP, such as `retry-after`
   */
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** The emulated cloud went away in the middle of a call: no answer reaches the caller. */
export class ConnectionLost extends Error {
  constructor(operation: string) {
    super(`the connection was lost during ${operation} (an injected fault)`);
    this.name = 'ConnectionLost';
  }
}

/** Whether an error says that the object is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whether an error says that it cannot be done now, but later. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}
