/** A web server on loopback that answers as a test tells it to. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { atEnd } from './at-end';

export interface LoopbackServer {
  readonly port: number;
  /** Without a path. */
  readonly url: string;
  /** Ends it, with the connections that are open. */
  close(): Promise<void>;
}

/** Ends at the latest with the tests of the file. @param tls for an HTTPS server */
export async function loopbackServer(listener: RequestListener, tls?: ServerOptions): Promise<LoopbackServer> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  atEnd(close);
  return { port, url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, close };
}
