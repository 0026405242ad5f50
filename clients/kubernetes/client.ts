/** The few calls of the Kubernetes API that this project makes. The full client library takes seconds to load. */
import type { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpointAgent, isOk, sendHttp, type HttpAnswer, type HttpRequest } from '../http';
import type { KubernetesAccess } from './access';
import { noAnswer, refusal } from './failure';
import type { KubernetesObject } from './object';
import { ObjectWatch } from './watch';

interface Page<T> {
  readonly items: readonly T[] | null;
  readonly metadata?: { readonly continue?: string };
}

interface Content {
  readonly body: unknown;
  readonly type: string;
}

const TIMEOUT_MS = 15_000;
const READY_TIMEOUT_MS = 2000;
/** Objects per page, as kubectl asks for. */
const PAGE_SIZE = 500;
/**
 * A kept connection may break because a server behind it went away: another one may answer. Writes name their object, so that
 * one that was done already does nothing.
 */
const ATTEMPTS = 3;
const PAUSE_MS = 200;
/** A server that has just started says so for a moment, while it reads its storage. */
const TOO_EARLY = 429;
const EARLY_ATTEMPTS = 20;
const EARLY_PAUSE_MS = 500;

/** Every path is from the root, such as `/api/v1/namespaces/rt/pods/one`. Failures are `KubernetesFailure`s, which say what to do. */
export class KubernetesClient {
  /** URL of the API server. */
  readonly server: string;
  private readonly agent;
  private shown: X509Certificate | undefined;

  constructor(access: KubernetesAccess) {
    const { server, serverName, clusterCaCertificate: ca, clientCertificate: cert, clientKey: key } = access;
    this.server = server.replace(/\/$/, '');
    this.agent = endpointAgent({ ca, cert, key, ...(serverName !== undefined && { serverName }) });
  }

  /** What the API server showed when it last answered; of one of them where there are three. */
  get serverCertificate(): X509Certificate | undefined {
    return this.shown;
  }

  /** Undefined if there is no such object. */
  async get<T = KubernetesObject>(path: string): Promise<T | undefined> {
    const { status, body } = await this.call('GET', path, [404]);
    return status === 404 ? undefined : (JSON.parse(body.toString()) as T);
  }

  /** What is no object, such as a pod's log. */
  async text(path: string): Promise<string> {
    return (await this.call('GET', path)).body.toString();
  }

  /** All objects, page by page. A kind that the server does not know is a failure with status 404. */
  async list<T = KubernetesObject>(path: string): Promise<T[]> {
    const items: T[] = [];
    let next = '';
    do {
      const page = withQuery(path, `limit=${PAGE_SIZE}${next && `&continue=${encodeURIComponent(next)}`}`);
      const { body } = await this.call('GET', page);
      const { items: found, metadata } = JSON.parse(body.toString()) as Page<T>;
      items.push(...(found ?? []));
      next = metadata?.continue ?? '';
    } while (next !== '');
    return items;
  }

  /** False if there was one already. @param path of the collection that it goes into */
  async create(path: string, object: unknown): Promise<boolean> {
    return (await this.call('POST', path, [409], { body: object, type: 'application/json' })).status !== 409;
  }

  /** JSON merge patch. */
  async patch(path: string, change: unknown): Promise<void> {
    await this.call('PATCH', path, [], { body: change, type: 'application/merge-patch+json' });
  }

  /** Strategic merge patch, for Kubernetes' own kinds: of a list such as `finalizers`, what the change names and nothing else. */
  async patchStrategic(path: string, change: unknown): Promise<void> {
    await this.call('PATCH', path, [], { body: change, type: 'application/strategic-merge-patch+json' });
  }

  /** Server-side apply: makes the object, or changes it. Fields that another manager owns are taken over. */
  async apply(path: string, object: unknown, manager: string): Promise<void> {
    const query = `fieldManager=${manager}&force=true`;
    await this.call('PATCH', withQuery(path, query), [], { body: object, type: 'application/apply-patch+yaml' });
  }

  /** False if there was no such object. @param graceSeconds 0 for at once, whatever the object's own time */
  async delete(path: string, graceSeconds?: number): Promise<boolean> {
    const query = graceSeconds === undefined ? path : withQuery(path, `gracePeriodSeconds=${graceSeconds}`);
    return (await this.call('DELETE', query, [404])).status !== 404;
  }

  /** Keeps the objects of a collection up to date until it is stopped. @param changed called after every change of them */
  watch(path: string, changed: () => void): ObjectWatch {
    return new ObjectWatch(this.request('GET', path), changed);
  }

  /** Whether the API server says in time that it is ready. Never fails. */
  isReady(timeoutMs = READY_TIMEOUT_MS): Promise<boolean> {
    return isOk(this.request('GET', '/readyz'), timeoutMs);
  }

  close(): void {
    this.agent.destroy();
  }

  private request(method: string, path: string, content?: Content): HttpRequest {
    return {
      agent: this.agent,
      url: this.server + path,
      method,
      headers: { accept: 'application/json', ...(content && { 'content-type': content.type }) },
      ...(content && { body: JSON.stringify(content.body) }),
    };
  }

  private async call(
    method: string,
    path: string,
    accepted: readonly number[] = [],
    content?: Content,
  ): Promise<HttpAnswer> {
    const answer = await this.send(method, path, content);
    this.shown = answer.certificate;
    if (answer.status < 300 || accepted.includes(answer.status)) return answer;
    throw refusal(answer.status, answer.body.toString(), { server: this.server, method, path });
  }

  private async send(method: string, path: string, content?: Content): Promise<HttpAnswer> {
    let [broken, early] = [0, 0];
    for (;;) {
      try {
        const answer = await sendHttp(this.request(method, path, content), { timeoutMs: TIMEOUT_MS });
        if (answer.status !== TOO_EARLY || ++early >= EARLY_ATTEMPTS) return answer;
        await sleep(EARLY_PAUSE_MS);
      } catch (error) {
        if (++broken >= ATTEMPTS || !isBroken(error)) throw noAnswer(error, { server: this.server, method, path });
        await sleep(PAUSE_MS);
      }
    }
  }
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

function isBroken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
