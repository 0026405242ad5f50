/** A caller of unary gRPC methods on a Unix socket, as Terraform is one. */
import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { buffer } from 'node:stream/consumers';

export interface Answer {
  /** gRPC's status: 0 is fine, 12 unknown method, 13 internal error. */
  readonly status: number;
  readonly message: string;
  readonly body: Buffer;
}

export interface Caller {
  call(path: string, body: Uint8Array): Promise<Answer>;
  readonly session: ClientHttp2Session;
  close(): Promise<void>;
}

export function caller(socket: string): Caller {
  const session = connect('http://localhost', { path: socket } as object);
  session.on('error', () => undefined);
  return {
    session,
    call: async (path, body) => {
      const stream = session.request({ ':path': path, ':method': 'POST', 'content-type': 'application/grpc' });
      let trailers: Record<string, unknown> = {};
      stream.on('trailers', (headers) => (trailers = headers));
      const frame = Buffer.alloc(5);
      frame.writeUInt32BE(body.length, 1);
      stream.end(Buffer.concat([frame, body]));
      const answer = await buffer(stream);
      if (trailers['grpc-status'] === undefined) throw new Error('no answer');
      return {
        status: Number(trailers['grpc-status']),
        message: decodeURIComponent(String(trailers['grpc-message'])),
        body: answer.subarray(5),
      };
    },
    close: async () => {
      if (session.destroyed) return;
      session.destroy();
      await once(session, 'close');
    },
  };
}
