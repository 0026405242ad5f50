/** A server on loopback that answers as a test tells it to. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
}

export interface SampleServer {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

export type Answers = (received: Received, response: ServerResponse, count: number) => void;

/** @param tls for an HTTPS server */
export async function sampleServer(answers: Answers, tls?: ServerOptions): Promise<SampleServer> {
  const received: Received[] = [];
  const listener: RequestListener = ({ method = '', url = '' }, response) => {
    const one = { method, path: url };
    received.push(one);
    answers(one, response, received.length);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
