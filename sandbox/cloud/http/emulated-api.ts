/** An emulated API over HTTP: the only way to what it holds. Every request passes token, scope, faults, rule and disk here. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ApiError, ConnectionLost } from './api-error';
import { underConditions, type Conditions } from './faults';
import { listenOnLoopback, originOf, type ListenOptions, type RunningApi } from './loopback-server';
import { findRoute, type Answer, type RestRequest, type Route } from './routes';

export type { ListenOptions, RunningApi } from './loopback-server';

/** @param C who calls, and what the handlers work on */
export interface EmulatedApi<C> {
  /** For messages: `The emulated <name>`. */
  readonly name: string;
  readonly routes: readonly Route<C>[];
  /** Faults, by the scope that a route needs first. */
  readonly conditions: Conditions;
  /** Before every path, such as `/api/v3`; paths without it are served as well. */
  readonly prefix?: string;
  /** The caller with a token, which is empty when there was none. Throws 401 for one that nobody has. */
  caller(token: string): C;
  /** Throws 403 when the caller lacks the scope. */
  permit(caller: C, scope: string): void;
  /** After a request that was no GET: writes what changed to disk, and lets what hangs on it follow. */
  commit(): void | Promise<void>;
  /** What the API says of an error. */
  errorBody(error: ApiError): unknown;
  /** Headers that every answer has. */
  headers(): Readonly<Record<string, string>>;
  /** Headers that an answer to this caller has besides. */
  headersFor?(caller: C): Readonly<Record<string, string>>;
}

/** Larger than anything that the two APIs take. */
const MAX_BODY_BYTES = 1024 * 1024;

export function startEmulatedApi<C>(api: EmulatedApi<C>, options: ListenOptions): Promise<RunningApi> {
  const server = createServer((message, response) => void serve(api, message, response));
  return listenOnLoopback(server, api.name, options);
}

async function serve<C>(api: EmulatedApi<C>, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(api, response, await answer(api, message));
  } catch (error) {
    if (error instanceof ConnectionLost || (message.destroyed && !message.complete)) message.socket.destroy();
    else send(api, response, answerTo(api, error));
  }
  // What was not read of the body must be, or the connection cannot carry the next request.
  message.resume();
}

async function answer<C>(api: EmulatedApi<C>, message: IncomingMessage): Promise<Answer> {
  const { method = 'GET', headers, socket, url = '' } = message;
  const origin = originOf({ address: socket.localAddress!, port: socket.localPort! });
  const below = api.prefix !== undefined && url.startsWith(`${api.prefix}/`) ? url.slice(api.prefix.length) : url;
  // Joined as text: as a relative address, `//host` would name another host.
  const { pathname: path, searchParams: query } = new URL(`${origin}${below}`);
  const caller = api.caller(tokenOf(headers.authorization));
  const found = findRoute(api.routes, method, path);
  if (found === undefined) throw new ApiError(404, 'not_found', `The emulated ${api.name} has no ${method} ${path}`);
  const request = { method, path, origin, query, params: found.params, body: parseJson(await readBody(message)) };
  const given = await perform(api, found.route, caller, request);
  return { ...given, headers: { ...api.headersFor?.(caller), ...given.headers } };
}

/** One request under the conditions of the moment: scope, rule, disk. */
function perform<C>(api: EmulatedApi<C>, route: Route<C>, caller: C, request: RestRequest): Promise<Answer> {
  const scopes = route.scopes(request);
  const operation = scopes[0]!.split(' or ')[0]!;
  return underConditions(api.conditions, operation, async () => {
    for (const scope of scopes) api.permit(caller, scope);
    const result = await route.handle(caller, request);
    if (request.method !== 'GET') await api.commit();
    return result;
  });
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

function answerTo<C>(api: EmulatedApi<C>, error: unknown): Answer {
  const known = error instanceof ApiError ? error : unexpected(api, error);
  return { status: known.status, headers: known.headers, body: api.errorBody(known) };
}

function unexpected<C>({ name }: EmulatedApi<C>, error: unknown): ApiError {
  console.error(`The emulated ${name} failed:`, error);
  return new ApiError(500, 'server_error', `The emulated ${name} failed: ${String(error)}`);
}

function send<C>(api: EmulatedApi<C>, response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...api.headers(), ...type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
