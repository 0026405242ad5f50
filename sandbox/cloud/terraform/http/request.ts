/** One request, with its redirects followed as Go's client follows them. */
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For one attempt with all its redirects; none if undefined. */
  readonly timeoutMs: number | undefined;
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MAX_REDIRECTS = 10;
/** They ask for the same request again; the other redirects make it a GET. */
const SAME_METHOD = [307, 308];

/** @throws when there is no complete answer */
export async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { timeoutMs } = request;
  if (timeoutMs === undefined) return follow(request, signal);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await follow(request, AbortSignal.any([signal, timeout]));
  } catch (error) {
    throw timeout.aborted ? new Error(`request exceeded the specified timeout: ${timeoutMs}ms`) : error;
  }
}

async function follow(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  let current = request;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(current, signal);
    const next = redirected(current, answer);
    if (next === undefined)
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
    answer.resume();
    if (redirects === MAX_REDIRECTS) throw new Error(`stopped after ${MAX_REDIRECTS} redirects`);
    current = next;
  }
}

function redirected(request: HttpRequest, { statusCode = 0, headers }: IncomingMessage): HttpRequest | undefined {
  if (![301, 302, 303, ...SAME_METHOD].includes(statusCode) || headers.location === undefined) return undefined;
  const url = new URL(headers.location, request.url).href;
  if (SAME_METHOD.includes(statusCode)) return { ...request, url };
  return { ...request, url, method: request.method === 'HEAD' ? 'HEAD' : 'GET', body: undefined };
}

function exchange({ url, method, headers, body, tls }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') {
    return Promise.reject(new Error(`unsupported protocol scheme "${protocol.slice(0, -1)}"`));
  }
  return new Promise((resolve, reject) => {
    const start = protocol === 'https:' ? requestHttps : requestHttp;
    // A connection of its own, as the real provider has one per data source.
    const options = { method, headers, signal, agent: false as const, ...(protocol === 'https:' && tls) };
    start(url, options, resolve).on('error', reject).end(body);
  });
}
