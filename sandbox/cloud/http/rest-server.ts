/** Serves an emulated API over HTTP on loopback: token, route, answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, ConnectionLost } from './api-error';
import { findRoute, type Answer, type RestRequest, type Route } from './router';

/** @param S a caller of the emulated API behind it */
export interface RestApi<S> {
  /** For messages: `The emulated <name>`. */
  readonly name: string;
  readonly routes: readonly Route<S>[];
  /** The caller with a token, which is empty when there was none. Throws 401 for one that nobody has. */
  session(token: string): S;
  /** What the API says of an error. */
  errorBody(error: ApiError): unknown;
  /** Headers that every answer has. */
  headers(): Readonly<Record<string, string>>;
}

export interface ListenOptions {
  /** Address of loopback. */
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface RunningApi {
  /** URL without a path at its end. */
  readonly url: string;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

const LOOPBACK = /^127\.\d+\.\d+\.\d+$/;
/** Larger than anything that the two APIs take. */
const MAX_BODY_BYTES = 1024 * 1024;

export async function startRestApi<S>(api: RestApi<S>, { address, port }: ListenOptions): Promise<RunningApi> {
  if (!LOOPBACK.test(address)) throw new Error(`The emulated ${api.name} listens on loopback only, not on ${address}.`);
  const server = createServer((message, response) => void serve(api, message, response));
  await listen(server, address, port);
  return {
    url: originOf(server.address() as AddressInfo),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve<S>(api: RestApi<S>, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(api, response, await answer(api, message));
  } catch (error) {
    if (error instanceof ConnectionLost || (message.destroyed && !message.complete)) message.socket.destroy();
    else send(api, response, answerTo(api, error));
  }
  // What was not read of the body must be, or the connection cannot carry the next request.
  message.resume();
}

async function answer<S>(api: RestApi<S>, message: IncomingMessage): Promise<Answer> {
  const { method = 'GET', headers, socket } = message;
  const origin = originOf({ address: socket.localAddress!, port: socket.localPort! });
  // Joined as text: as a relative address, `//host` would name another host.
  const { pathname: path, searchParams: query } = new URL(`${origin}${message.url}`);
  const session = api.session(tokenOf(headers.authorization));
  const found = findRoute(api.routes, method, path);
  if (found === undefined) throw new ApiError(404, 'not_found', `The emulated ${api.name} has no ${method} ${path}`);
  const body = parseJson(await readBody(message));
  const request: RestRequest = { method, path, origin, query, params: found.params, body };
  return found.route.handle(session, request);
}

/** GitHub takes `token <value>` as well. */
function tokenOf(authorization = ''): string {
  return /^(?:bearer|token) +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    // Read on: whoever is still sending would not see the answer.
    if (size <= MAX_BODY_BYTES) parts.push(part);
  }
  if (size > MAX_BODY_BYTES) throw new ApiError(413, 'too_large', 'The request is too large');
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'bad_request', 'Problems parsing JSON');
  }
}

function answerTo<S>(api: RestApi<S>, error: unknown): Answer {
  const known = error instanceof ApiError ? error : unexpected(api, error);
  return { status: known.status, headers: known.headers, body: api.errorBody(known) };
}

function unexpected<S>({ name }: RestApi<S>, error: unknown): ApiError {
  console.error(`The emulated ${name} failed:`, error);
  return new ApiError(500, 'server_error', `The emulated ${name} failed: ${String(error)}`);
}

function send<S>(api: RestApi<S>, response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, {
    ...api.headers(),
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function originOf({ address, port }: Pick<AddressInfo, 'address' | 'port'>): string {
  return `http://${address}:${port}`;
}
