/** What servers ask of etcd, through its JSON gateway. Bytes and 64-bit numbers are texts there. */
import { httpsClient, type Endpoint } from '#sandbox/net/https-client';

export interface EtcdMember {
  /** Unsigned decimal. */
  readonly id: string;
  /** Empty until the member has started once. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface EtcdClient {
  isHealthy(): Promise<boolean>;
  members(): Promise<EtcdMember[]>;
  /** Adds a member that has no vote yet, so that the cluster goes on if it never starts. */
  addLearner(peerUrl: string): Promise<EtcdMember[]>;
  /** Rejects while the member has not caught up. */
  promote(id: string): Promise<void>;
  removeMember(id: string): Promise<void>;
  put(key: string, value: Buffer): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
  /** A consistent copy of the whole store, as `etcdctl snapshot save` makes it. */
  snapshot(): Promise<Buffer>;
  close(): void;
}

interface RawMember {
  ID: string;
  name?: string;
  peerURLs?: string[];
  isLearner?: boolean;
}

const SNAPSHOT_LIMIT = { timeoutMs: 60_000 };

export function etcdClient(endpoint: Endpoint): EtcdClient {
  const client = httpsClient(endpoint);
  const call = async (path: string, request: object, limit?: { timeoutMs: number }): Promise<Buffer> => {
    const { status, body } = await client.send({
      method: 'POST',
      path: `/v3/${path}`,
      body: JSON.stringify(request),
      ...limit,
    });
    if (status === 200) return body;
    throw new Error(`etcd refused ${path}: ${messageOf(body)}`);
  };
  const read = async <T>(path: string, request: object) => JSON.parse((await call(path, request)).toString()) as T;
  return {
    isHealthy: () => client.isOk('/health'),
    members: async () => membersOf(await read('cluster/member/list', {})),
    addLearner: async (peerUrl) =>
      membersOf(await read('cluster/member/add', { peerURLs: [peerUrl], isLearner: true })),
    promote: async (id) => void (await call('cluster/member/promote', { ID: id })),
    removeMember: async (id) => void (await call('cluster/member/remove', { ID: id })),
    put: async (key, value) => void (await call('kv/put', { key: base64(key), value: value.toString('base64') })),
    async get(key) {
      const { kvs } = await read<{ kvs?: { value: string }[] }>('kv/range', { key: base64(key) });
      return kvs?.[0] === undefined ? undefined : Buffer.from(kvs[0].value, 'base64');
    },
    snapshot: async () => joinBlobs(await call('maintenance/snapshot', {}, SNAPSHOT_LIMIT)),
    close: () => client.close(),
  };
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
