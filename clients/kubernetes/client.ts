/** The few calls of the Kubernetes API that the commands make. The full client library takes seconds to load. */
import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { ClusterAccess } from '#cli/kubeconfig/cluster-access';
import { noAnswer, refusal } from './failure';

export interface KubernetesClient {
  /** URL of the API server. */
  readonly server: string;
  /** What the API server showed when it last answered; of one of them where there are three. */
  readonly serverCertificate: X509Certificate | undefined;
  /** Undefined if there is no such object. @param path from the root, such as `/api/v1/namespaces/rt/pods/one` */
  get<T>(path: string): Promise<T | undefined>;
  /** All objects, page by page. A kind that the server does not know is a failure with status 404. */
  list<T>(path: string): Promise<T[]>;
  /** False if there was one already. @param path of the list that it goes into */
  create(path: string, object: unknown): Promise<boolean>;
  /** JSON merge patch. */
  patch(path: string, change: unknown): Promise<void>;
  /** Nothing happens if there is no such object. */
  delete(path: string): Promise<void>;
  /** Whether the API server says within two seconds that it is ready. Never fails. */
  isReady(): Promise<boolean>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly certificate: X509Certificate | undefined;
}

interface Content {
  readonly body: unknown;
  readonly type: string;
}

interface Page<T> {
  readonly items: readonly T[] | null;
  readonly metadata?: { readonly continue?: string };
}

const TIMEOUT_MS = 15_000;
const READY_TIMEOUT_MS = 2000;
/** Objects per page, as kubectl asks for. */
const PAGE_SIZE = 500;
/** A kept connection may break because a load balancer behind it went away: reads are repeated over another one. */
const READ_ATTEMPTS = 3;
const PAUSE_MS = 200;

/** A client that is one with the access's certificate. Failures are `KubernetesFailure`s, whose messages say what to do. */
export function kubernetesClient(access: ClusterAccess): KubernetesClient {
  const { server } = access;
  const agent = new Agent({
    keepAlive: true,
    ca: access.clusterCaCertificate,
    cert: access.clientCertificate,
    key: access.clientKey,
  });

  let serverCertificate: X509Certificate | undefined;
  const call = async (method: string, path: string, accepted: readonly number[] = [], content?: Content) => {
    const answer = await sendAgain(() => send({ agent, server, method, path, ...(content && { content }) }), method);
    serverCertificate = answer.certificate;
    if (answer.status < 300 || accepted.includes(answer.status)) return answer;
    throw refusal(answer.status, answer.text, { server, method, path });
  };

  return {
    server,
    get serverCertificate() {
      return serverCertificate;
    },
    async get<T>(path: string) {
      const { status, text } = await call('GET', path, [404]);
      return status === 404 ? undefined : (JSON.parse(text) as T);
    },
    async list<T>(path: string) {
      const items: T[] = [];
      let next = '';
      do {
        const { text } = await call('GET', pageOf(path, next));
        const page = JSON.parse(text) as Page<T>;
        items.push(...(page.items ?? []));
        next = page.metadata?.continue ?? '';
      } while (next !== '');
      return items;
    },
    async create(path, body) {
      return (await call('POST', path, [409], { body, type: 'application/json' })).status !== 409;
    },
    async patch(path, body) {
      await call('PATCH', path, [], { body, type: 'application/merge-patch+json' });
    },
    async delete(path) {
      await call('DELETE', path, [404]);
    },
    isReady: () =>
      send({ agent, server, method: 'GET', path: '/readyz', timeoutMs: READY_TIMEOUT_MS }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    close: () => agent.destroy(),
  };
}

function pageOf(path: string, next: string): string {
  const from = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
  return `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE_SIZE}${from}`;
}

async function sendAgain(attempt: () => Promise<Answer>, method: string): Promise<Answer> {
  for (let left = method === 'GET' ? READ_ATTEMPTS - 1 : 0; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
      if (left === 0 || (code !== 'ECONNRESET' && code !== 'EPIPE')) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

interface Sending {
  readonly agent: Agent;
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly content?: Content;
  readonly timeoutMs?: number;
}

function send({ agent, server, method, path, content, timeoutMs = TIMEOUT_MS }: Sending): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const payload = content === undefined ? '' : JSON.stringify(content.body);
  const headers = {
    accept: 'application/json',
    'content-length': Buffer.byteLength(payload),
    ...(content && { 'content-type': content.type }),
  };
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      const late = Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
      reject(noAnswer(signal.aborted ? late : error, { server, method, path }));
    };
    const outgoing = request(
      new URL(server.replace(/\/$/, '') + path),
      { agent, method, headers, signal },
      (answer) => {
        const chunks: Buffer[] = [];
        const certificate = shownWith(answer);
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), certificate }),
        );
      },
    );
    outgoing.on('error', failed);
    outgoing.end(payload);
  });
}

function shownWith({ socket }: IncomingMessage): X509Certificate | undefined {
  return (socket as TLSSocket).getPeerX509Certificate();
}
