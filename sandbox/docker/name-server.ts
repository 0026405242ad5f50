/** Answers questions for names, over UDP and TCP: some itself, the others with the words of this host's own name servers. */
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, isIPv4, type Server } from 'node:net';
import { listen } from '../net/listen';

/** The IPv4 address of a name; undefined when it is asked for elsewhere. */
export type Resolve = (name: string) => Promise<string | undefined>;

export interface NameServerOptions {
  readonly address: string;
  readonly port: number;
  readonly resolve: Resolve;
  /** Name servers for all other names. Default: those of /etc/resolv.conf. */
  readonly upstream?: readonly string[];
}

export interface NameServer {
  stop(): Promise<void>;
}

const HEADER_BYTES = 12;
const LENGTH_BYTES = 2;
const TYPE_A = 1;
const SERVER_FAILURE = 2;
const NAME_ERROR = 3;
const TTL_SECONDS = 5;
const PATIENCE_MS = 4000;

export async function startNameServer({ address, port, resolve, ...options }: NameServerOptions): Promise<NameServer> {
  const upstream = options.upstream ?? hostNameServers();
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  let isOpen = true;
  socket.on('message', (query, peer) => {
    // Less than a header is nobody's question.
    if (query.length < HEADER_BYTES) return;
    void answerTo(query, resolve, upstream).then((answer) => {
      if (isOpen) socket.send(answer, peer.port, peer.address, () => undefined);
    });
  });
  await new Promise<void>((ready, reject) => {
    socket.once('error', reject).bind(port, address, ready);
  });
  const overTcp = await listenTcp({ address, port }, (query) => answerTo(query, resolve, upstream));
  return {
    stop: async () => {
      isOpen = false;
      await Promise.all([closed(socket), new Promise((ended) => overTcp.close(ended))]);
    },
  };
}

/** One question for each connection. RFC 1035, section 4.2.2: two bytes of length, then the same as over UDP. */
async function listenTcp(
  { address, port }: Pick<NameServerOptions, 'address' | 'port'>,
  answerOf: (query: Buffer) => Promise<Buffer>,
): Promise<Server> {
  const server = createServer((connection) => {
    let received = Buffer.alloc(0);
    const receive = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < LENGTH_BYTES || received.length < LENGTH_BYTES + received.readUInt16BE(0)) return;
      connection.off('data', receive);
      void answerOf(received.subarray(LENGTH_BYTES)).then((answer) => {
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt16BE(answer.length);
        connection.end(Buffer.concat([length, answer]));
      });
    };
    connection.on('data', receive).on('error', () => connection.destroy());
    connection.setTimeout(PATIENCE_MS * 2, () => connection.destroy());
  });
  await listen(server, { host: address, port });
  return server;
}

async function answerTo(query: Buffer, resolve: Resolve, upstream: readonly string[]): Promise<Buffer> {
  const question = questionOf(query);
  if (question === undefined) return refusal(query, SERVER_FAILURE);
  const found = await resolve(question.name).catch(() => undefined);
  if (found !== undefined) return answer(query, question, found);
  if (upstream.length === 0) return refusal(query, NAME_ERROR);
  return passedOn(query, upstream[0]!).catch(() => refusal(query, SERVER_FAILURE));
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where the question ends in the query. */
  readonly end: number;
}

/** RFC 1035, section 4.1.2. */
function questionOf(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at]; length !== 0; length = query[at]) {
    if (length === undefined || length > 63) return undefined;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A name that we know has an IPv4 address and nothing else. */
function answer(query: Buffer, { type, end }: Question, address: string): Buffer {
  const head = header(query, 0, end);
  if (type !== TYPE_A) return head;
  head.writeUInt16BE(1, 6);
  const record = Buffer.alloc(16);
  // The name is that of the question.
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((byte, index) => record.writeUInt8(Number(byte), 12 + index));
  return Buffer.concat([head, record]);
}

function refusal(query: Buffer, code: number): Buffer {
  return header(query, code, questionOf(query)?.end ?? HEADER_BYTES);
}

/** Header and question of an answer without records. */
function header(query: Buffer, code: number, end: number): Buffer {
  const head = Buffer.alloc(Math.max(end, HEADER_BYTES));
  query.copy(head, 0, 0, end);
  // An answer, recursion as it was asked for and available.
  head.writeUInt16BE(0x8080 | (query.readUInt16BE(2) & 0x0100) | code, 2);
  head.writeUInt16BE(end > HEADER_BYTES ? 1 : 0, 4);
  head.fill(0, 6, HEADER_BYTES);
  return head;
}

function passedOn(query: Buffer, server: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${server} does not answer`)), PATIENCE_MS);
    socket
      .once('message', resolve)
      .once('error', reject)
      .once('close', () => clearTimeout(timer));
    // Connected, it learns at once that nobody listens.
    socket.connect(53, server, () => socket.send(query));
  }).finally(() => socket.close());
}

function hostNameServers(): string[] {
  const lines = readFileSync('/etc/resolv.conf', 'utf8').split('\n');
  return lines.flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []).filter((server) => isIPv4(server));
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}
