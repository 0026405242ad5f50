/** HTTPS with a client certificate, as etcd and the Kubernetes API want it. */
import { Agent, request } from 'node:https';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly serverName?: string;
  /** PEM: authority of the server, and who we are. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpsRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** By default ten seconds. */
  readonly timeoutMs?: number;
}

export interface HttpsClient {
  /** Rejects when nobody answers in time. */
  send(request: HttpsRequest): Promise<HttpsAnswer>;
  /** Whether the answer to a GET is 200, and comes at once. */
  isOk(path: string): Promise<boolean>;
  close(): void;
}

const TIMEOUT_MS = 10_000;
/** A program that starts may accept a connection long before it answers. */
const CHECK_TIMEOUT_MS = 500;

export function httpsClient({ host, port, serverName, ca, cert, key }: Endpoint): HttpsClient {
  const agent = new Agent({
    keepAlive: true,
    ca,
    cert,
    key,
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  const send = ({ method, path, body = '', contentType = 'application/json', timeoutMs = TIMEOUT_MS }: HttpsRequest) =>
    new Promise<HttpsAnswer>((resolve, reject) => {
      const headers = {
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
      };
      const signal = AbortSignal.timeout(timeoutMs);
      const outgoing = request({ agent, host, port, method, path, headers, signal }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
        answer.on('error', reject);
      });
      outgoing.on('error', (error) => {
        reject(signal.aborted ? new Error(`${host}:${port} did not answer ${method} ${path} in time`) : error);
      });
      outgoing.end(body);
    });
  return {
    send,
    isOk: (path) =>
      send({ method: 'GET', path, timeoutMs: CHECK_TIMEOUT_MS }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    close: () => agent.destroy(),
  };
}
