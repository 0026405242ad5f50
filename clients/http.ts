/** HTTP requests, each with a limit of its time and of its answer's size. */
import type { X509Certificate } from 'node:crypto';
import { request as requestPlain, type Agent as PlainAgent, type IncomingMessage } from 'node:http';
import { Agent, request as requestTls } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** A server that wants a client certificate. */
export interface TlsEndpoint {
  /** URL. */
  readonly server: string;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly serverName?: string;
  /** PEM: authority of the server, and who we are. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface HttpRequest {
  readonly url: URL | string;
  /** Connections to use again; false for a new one. */
  readonly agent?: PlainAgent | false;
  /** Unix socket that is asked instead of the URL's host. */
  readonly socketPath?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpLimits {
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** What a TLS server showed. */
  readonly certificate: X509Certificate | undefined;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps connections to an endpoint. To be destroyed at the end. */
export function endpointAgent({ ca, cert, key, serverName }: Omit<TlsEndpoint, 'server'>): Agent {
  return new Agent({ keepAlive: true, ca, cert, key, ...(serverName !== undefined && { servername: serverName }) });
}

/** Rejects when there is no whole answer in time, with the code ETIMEDOUT, or when it is too large. */
export async function sendHttp(
  request: HttpRequest,
  { timeoutMs, maxBytes = MAX_BYTES }: HttpLimits,
): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await openHttp(request, { signal });
    const certificate = (answer.socket as Partial<TLSSocket>).getPeerX509Certificate?.();
    return { status: answer.statusCode ?? 0, body: await collect(answer, maxBytes), certificate };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
  }
}

/** Whether the answer to a GET is 200. Never fails. */
export function isOk(request: HttpRequest, timeoutMs: number): Promise<boolean> {
  return sendHttp(request, { timeoutMs }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** An answer whose body the caller reads. `timeout`, in milliseconds, is for silence. */
export function openHttp(
  { url, body = '', headers, ...options }: HttpRequest,
  { signal, timeout }: { readonly signal: AbortSignal; readonly timeout?: number },
): Promise<IncomingMessage> {
  const target = new URL(url);
  const request = target.protocol === 'https:' ? requestTls : requestPlain;
  const sent = { 'content-length': `${Buffer.byteLength(body)}`, ...headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(target, { ...options, headers: sent, ...(timeout !== undefined && { timeout }) }, resolve);
    // Not an option of the request: that destroys, with an error that nobody hears, a socket already back in the agent.
    const abort = () => outgoing.destroy();
    signal.addEventListener('abort', abort);
    outgoing.on('close', () => signal.removeEventListener('abort', abort));
    outgoing.on('timeout', () => outgoing.destroy(new Error('nothing heard for too long')));
    outgoing.on('error', reject);
    if (signal.aborted) abort();
    else outgoing.end(body);
  });
}

async function collect(answer: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    size += part.length;
    if (size > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
