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
  type ServerHttp2Session,
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

const LOOPBACK = '127.0.0.1';
/** A gRPC message is preceded by a byte that says whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
const SSH_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----';

export class RepoServerDoor {
  private readonly server = createServer();
  private readonly sessions = new Set<ServerHttp2Session>();
  private target: ClientHttp2Session | undefined;
  private targetPort = 0;

  private constructor(private readonly repository: ServedRepository) {
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session)).on('error', () => undefined);
    });
    this.server.on('stream', (stream, headers) => this.passOn(stream, headers));
  }

  static async open(repository: ServedRepository): Promise<RepoServerDoor> {
    const door = new RepoServerDoor(repository);
    await new Promise<void>((resolve) => door.server.listen(0, LOOPBACK, resolve));
    return door;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param port of the repo-server from now on */
  leadTo(port: number): void {
    this.target?.destroy();
    this.target = undefined;
    this.targetPort = port;
  }

  stop(): Promise<void> {
    this.target?.destroy();
    for (const session of this.sessions) session.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private passOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const call = this.session().request({ ...headers });
      let trailers: IncomingHttpHeaders = {};
      call.on('response', (answered, flags) => {
        const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
        stream.respond({ ...answered }, { endStream, waitForTrailers: !endStream });
        if (!endStream) call.pipe(stream);
      });
      call.on('trailers', (received: IncomingHttpHeaders) => {
        trailers = received;
      });
      call.on('error', () => stream.close(constants.NGHTTP2_REFUSED_STREAM));
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.on('close', () => call.close());
      call.end(rewrittenMessages(Buffer.concat(chunks), (message) => this.rewritten(message)));
    });
  }

  private session(): ClientHttp2Session {
    if (this.target === undefined || this.target.closed || this.target.destroyed) {
      this.target = connect(`http://${LOOPBACK}:${this.targetPort}`);
      // Each call under way learns it by itself.
      this.target.on('error', () => undefined);
    }
    return this.target;
  }

  private rewritten(message: Buffer): Buffer {
    const { url, servedAt } = this.repository;
    return replaceFields(message, [url, SSH_KEY], (text) => {
      if (text === url) return servedAt;
      // The address of the sandbox needs none, and git refuses one for it.
      return text.startsWith(SSH_KEY) ? '' : undefined;
    });
  }
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
