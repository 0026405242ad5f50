/** What servers ask of etcd, through its JSON gateway. Bytes and 64-bit numbers are texts there. */
import { endpointAgent, isOk, sendHttp, type HttpLimits, type TlsEndpoint } from '#clients/http';

export interface EtcdMember {
  /** Unsigned decimal. */
  readonly id: string;
  /** Empty until the member has started once. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly isLearner: boolean;
}

interface RawMember {
  ID: string;
  name?: string;
  peerURLs?: string[];
  isLearner?: boolean;
}

const LIMITS = { timeoutMs: 10_000 };
const SNAPSHOT_LIMITS = { timeoutMs: 60_000, maxBytes: 1024 ** 3 };
/** A program that starts may accept a connection long before it answers. */
const CHECK_TIMEOUT_MS = 500;

export class EtcdClient {
  private readonly agent;

  constructor(private readonly endpoint: TlsEndpoint) {
    this.agent = endpointAgent(endpoint);
  }

  /** Never fails. */
  isHealthy(): Promise<boolean> {
    return isOk({ url: `${this.endpoint.server}/health`, agent: this.agent }, CHECK_TIMEOUT_MS);
  }

  async members(): Promise<EtcdMember[]> {
    return membersOf(await this.read('cluster/member/list', {}));
  }

  /** Adds a member that has no vote yet, so that the cluster goes on if it never starts. */
  async addLearner(peerUrl: string): Promise<EtcdMember[]> {
    return membersOf(await this.read('cluster/member/add', { peerURLs: [peerUrl], isLearner: true }));
  }

  /** Rejects while the member has not caught up. */
  async promote(id: string): Promise<void> {
    await this.call('cluster/member/promote', { ID: id });
  }

  async removeMember(id: string): Promise<void> {
    await this.call('cluster/member/remove', { ID: id });
  }

  async put(key: string, value: Buffer): Promise<void> {
    await this.call('kv/put', { key: base64(key), value: value.toString('base64') });
  }

  async get(key: string): Promise<Buffer | undefined> {
    const { kvs } = await this.read<{ kvs?: { value: string }[] }>('kv/range', { key: base64(key) });
    return kvs?.[0] === undefined ? undefined : Buffer.from(kvs[0].value, 'base64');
  }

  /** A consistent copy of the whole store, as `etcdctl snapshot save` makes it. */
  async snapshot(): Promise<Buffer> {
    return joinBlobs(await this.call('maintenance/snapshot', {}, SNAPSHOT_LIMITS));
  }

  close(): void {
    this.agent.destroy();
  }

  private async read<T>(path: string, request: object): Promise<T> {
    return JSON.parse((await this.call(path, request)).toString()) as T;
  }

  private async call(path: string, request: object, limits: HttpLimits = LIMITS): Promise<Buffer> {
    const { status, body } = await sendHttp(
      {
        agent: this.agent,
        url: `${this.endpoint.server}/v3/${path}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      },
      limits,
    );
    if (status === 200) return body;
    throw new Error(`etcd refused ${path}: ${messageOf(body)}`);
  }
}

function membersOf({ members }: { members?: RawMember[] }): EtcdMember[] {
  return (members ?? []).map(({ ID, name = '', peerURLs = [], isLearner = false }) => ({
    id: ID,
    name,
    peerUrls: peerURLs,
    isLearner,
  }));
}

/** A stream of JSON documents, one a line, each with a part of the snapshot. */
function joinBlobs(stream: Buffer): Buffer {
  const lines = stream
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  return Buffer.concat(
    lines.map((line) => {
      const { result, error } = JSON.parse(line) as { result?: { blob?: string }; error?: { message?: string } };
      if (error !== undefined) throw new Error(`etcd could not make the snapshot: ${error.message ?? 'unknown error'}`);
      return Buffer.from(result?.blob ?? '', 'base64');
    }),
  );
}

function messageOf(body: Buffer): string {
  try {
    return (JSON.parse(body.toString()) as { message: string }).message;
  } catch {
    return body.toString().slice(0, 200);
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
