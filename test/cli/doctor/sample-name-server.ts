/** A name server on loopback that knows what a test tells it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { getServers, setServers } from 'node:dns/promises';

const [A, NS] = [1, 2];
const HEADER_LENGTH = 12;
const NO_SUCH_NAME = 3;

export interface SampleNameServer {
  /** IPv4 address by name. */
  readonly addresses: Map<string, string>;
  /** Name servers by zone. */
  readonly zones: Map<string, readonly string[]>;
  /** Also lets this process ask those again that it asked before. */
  close(): Promise<void>;
}

/** From now on whoever asks through node:dns/promises in this process asks it. */
export async function sampleNameServer(): Promise<SampleNameServer> {
  const addresses = new Map<string, string>();
  const zones = new Map<string, readonly string[]>();
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    const known = addresses.get(name);
    const found = type === A && known ? [addressOf(known)] : type === NS ? (zones.get(name) ?? []).map(nameOf) : [];
    socket.send(answerOf(query.subarray(0, end), type, found), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const before = getServers();
  setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    addresses,
    zones,
    close: async () => {
      setServers(before);
      socket.close();
      await once(socket, 'close');
    },
  };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_LENGTH;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035, section 4: header and question as they came, then the answers, each for the name of the question. */
function answerOf(question: Buffer, type: number, found: readonly Buffer[]): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (found.length === 0 ? NO_SUCH_NAME : 0), 2);
  for (const [at, count] of [1, found.length, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * at);
  const records = found.map((data) => {
    const fixed = Buffer.alloc(HEADER_LENGTH);
    for (const [at, value] of [0xc000 | HEADER_LENGTH, type, 1, 0, 60, data.length].entries())
      fixed.writeUInt16BE(value, 2 * at);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([head, ...records]);
}

function addressOf(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
