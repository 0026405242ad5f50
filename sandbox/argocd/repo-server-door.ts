/**
 * Where Argo CD's other programs reach the repo-server: the address of the repository on GitHub becomes that of the sandbox's own.
 * So the Applications keep the address that they have in Git, and the commit that was pushed is the one that they show.
 */
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { replaceFields } from './protobuf-fields';

/** The repository of forge.yaml. */
export interface ServedRepository {
  /** What Applications have as repoURL. */
  readonly url: string;
  /** Where the sandbox serves it. */
  readonly servedAt: string;
}

export interface RepoServerDoor {
  readonly port: number;
  /** @param port of the repo-server from now on */
  leadTo(port: number): void;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** A gRPC message is preceded by a byte that says whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
const SSH_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----';

export async function openRepoServerDoor({ url, servedAt }: ServedRepository): Promise<RepoServerDoor> {
  let target: ClientHttp2Session | undefined;
  let targetPort: number | undefined;
  const session = () => {
    if (target === undefined || target.closed || target.destroyed) {
      target = connect(`http://${LOOPBACK}:${targetPort}`);
      // Each call under way learns it by itself.
      target.on('error', () => undefined);
    }
    return target;
  };
  const replace = (text: string) => {
    if (text === url) return servedAt;
    // The address of the sandbox needs none, and git refuses one for it.
    return text.startsWith(SSH_KEY) ? '' : undefined;
  };
  const sessions = new Set<{ destroy(): void }>();
  const server = createServer();
  server.on('session', (one) => {
    sessions.add(one);
    one.on('close', () => sessions.delete(one)).on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    passOn(stream, headers, session, (message) => replaceFields(message, [url, SSH_KEY], replace));
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target?.destroy();
      [target, targetPort] = [undefined, port];
    },
    stop: () => {
      target?.destroy();
      for (const one of sessions) one.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function passOn(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  session: () => ClientHttp2Session,
  rewrite: (message: Buffer) => Buffer,
): void {
  const chunks: Buffer[] = [];
  const giveUp = () => stream.close(constants.NGHTTP2_REFUSED_STREAM);
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    const call = session().request({ ...headers });
    let trailers: IncomingHttpHeaders = {};
    call.on('response', (answered, flags) => {
      const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond({ ...answered }, { endStream, waitForTrailers: !endStream });
      if (!endStream) call.pipe(stream);
    });
    call.on('trailers', (received: IncomingHttpHeaders) => {
      trailers = received;
    });
    call.on('error', giveUp);
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => call.close());
    call.end(rewrittenMessages(Buffer.concat(chunks), rewrite));
  });
}

function rewrittenMessages(body: Buffer, rewrite: (message: Buffer) => Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = at + PREFIX_BYTES + body.readUInt32BE(at + 1);
    const message = rewrite(body.subarray(at + PREFIX_BYTES, end));
    const prefix = Buffer.from(body.subarray(at, at + PREFIX_BYTES));
    prefix.writeUInt32BE(message.length, 1);
    parts.push(prefix, message);
    at = end;
  }
  return Buffer.concat(parts);
}
