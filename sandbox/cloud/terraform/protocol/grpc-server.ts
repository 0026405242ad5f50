/**
 * Unary gRPC on a Unix socket. Written on node:http2 because a provider is configured per connection, and the usual
 * library does not tell a handler which connection a call came by.
 */
import { rmSync } from 'node:fs';
import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { listen } from '#sandbox/net/listen';

/** A caller's connection: an identity to hang configuration on. */
export interface Connection {
  /** Aborted when the caller is gone. */
  readonly closed: AbortSignal;
}

/** Answers one method. */
export type Handler = (request: Buffer, connection: Connection) => Promise<Uint8Array>;

export interface GrpcServer {
  /** Lets calls under way finish for two seconds, then ends their connections. */
  stop(): Promise<void>;
}

const OK = 0;
const INTERNAL = 13;
const UNIMPLEMENTED = 12;
/** One byte for compression, four for the length. */
const FRAME_HEADER = 5;
/** Terraform sends whole states: HTTP/2's default window of 64 KiB would need many round trips. */
const WINDOW_BYTES = 8 * 1024 * 1024;
const GRACE_MS = 2_000;

export async function serveGrpc(socket: string, handlers: Readonly<Record<string, Handler>>): Promise<GrpcServer> {
  rmSync(socket, { force: true });
  const connections = new Map<Http2Session, Connection>();
  const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES } });
  server.on('session', (session) => {
    const closing = new AbortController();
    connections.set(session, { closed: closing.signal });
    session.setLocalWindowSize(WINDOW_BYTES);
    session.on('close', () => {
      connections.delete(session);
      closing.abort(new Error('Terraform closed the connection'));
    });
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy());
    const handler = handlers[headers[':path'] ?? ''];
    if (handler === undefined) answer(stream, UNIMPLEMENTED, 'not part of the emulation');
    else void serve(stream, handler, connections.get(stream.session!)!);
  });
  await listen(server, { path: socket });
  return {
    stop: () =>
      new Promise((resolve) => {
        const impatience = setTimeout(() => {
          for (const session of connections.keys()) session.destroy();
        }, GRACE_MS);
        for (const session of connections.keys()) session.close();
        server.close(() => {
          clearTimeout(impatience);
          resolve();
        });
      }),
  };
}

async function serve(stream: ServerHttp2Stream, handler: Handler, connection: Connection): Promise<void> {
  try {
    const request = (await buffer(stream)).subarray(FRAME_HEADER);
    answer(stream, OK, '', await handler(request, connection));
  } catch (error) {
    answer(stream, INTERNAL, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function answer(stream: ServerHttp2Stream, status: number, message: string, body?: Uint8Array): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': `${status}`, 'grpc-message': encodeURIComponent(message) });
  });
  if (body === undefined) {
    stream.end();
    return;
  }
  const frame = Buffer.alloc(FRAME_HEADER + body.length);
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, FRAME_HEADER);
  stream.end(frame);
}
