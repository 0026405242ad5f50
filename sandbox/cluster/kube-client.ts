/** The few calls to the Kubernetes API that the emulated machines and their cloud make. */
import { setTimeout as sleep } from 'node:timers/promises';
import { httpsClient, type Endpoint, type HttpsAnswer } from '../net/https-client';

export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The API server said no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** @param reason in the API server's own words */
  constructor(
    request: string,
    readonly reason: string,
  ) {
    super(`The Kubernetes API refused ${request}: ${reason}`);
  }
}

/** Every call throws a RefusedError when the API server does not accept it. */
export interface KubeClient {
  /** Undefined if there is no such object. */
  get<T = KubeObject>(path: string): Promise<T | undefined>;
  list<T = KubeObject>(path: string): Promise<T[]>;
  /** False if there was one already. */
  create(path: string, object: unknown): Promise<boolean>;
  /** JSON merge patch. */
  patch(path: string, change: unknown): Promise<void>;
  /** Nothing happens if there is no such object. @param graceSeconds 0 for at once, whatever the object's own time */
  delete(path: string, graceSeconds?: number): Promise<void>;
  /** Whether the API server says that it is ready. */
  isReady(): Promise<boolean>;
  close(): void;
}

const MERGE_PATCH = { contentType: 'application/merge-patch+json' };
const ATTEMPTS = 3;
const PAUSE_MS = 200;
const TOO_EARLY = 429;
const EARLY_ATTEMPTS = 20;
const EARLY_PAUSE_MS = 500;

export function kubeClient(endpoint: Endpoint): KubeClient {
  const client = httpsClient(endpoint);

  /** A connection may break because a server behind it went away: once more, through another one. */
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    type?: { contentType: string },
  ): Promise<HttpsAnswer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await client.send({
          method,
          path,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...type,
        });
        // A server that has just started says so for a moment, while it reads its storage.
        if (answer.status !== TOO_EARLY || attempt >= EARLY_ATTEMPTS) return answer;
        await sleep(EARLY_PAUSE_MS);
        continue;
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
        await sleep(PAUSE_MS);
      }
    }
  };
  const call = async (
    method: string,
    path: string,
    accepted: number[],
    body?: unknown,
    type?: { contentType: string },
  ) => {
    const answer = await send(method, path, body, type);
    if (answer.status < 300 || accepted.includes(answer.status)) return answer;
    throw new RefusedError(`${method} ${path}`, messageOf(answer));
  };

  return {
    async get<T>(path: string) {
      const { status, body } = await call('GET', path, [404]);
      return status === 404 ? undefined : (JSON.parse(body.toString()) as T);
    },
    async list<T>(path: string) {
      const { body } = await call('GET', path, []);
      return (JSON.parse(body.toString()) as { items: T[] }).items;
    },
    create: async (path, object) => (await call('POST', path, [409], object)).status !== 409,
    async patch(path, change) {
      await call('PATCH', path, [], change, MERGE_PATCH);
    },
    async delete(path, graceSeconds) {
      const options = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
      await call('DELETE', path, [404], { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
    },
    isReady: () => client.isOk('/readyz'),
    close: () => client.close(),
  };
}

function messageOf({ status, body }: HttpsAnswer): string {
  try {
    return (JSON.parse(body.toString()) as { message: string }).message;
  } catch {
    return `status ${status}`;
  }
}
