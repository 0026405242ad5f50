import { randomUUID } from 'node:crypto';

/** An answer of an emulated API that is not a success. */
export class ApiError extends Error {
  readonly requestId = randomUUID();

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
