/** A server that remembers what it was asked. */
import type { RequestListener, ServerResponse } from 'node:http';
import type { ServerOptions } from 'node:https';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';

export interface Received {
  readonly method: string;
  readonly path: string;
}

export interface SampleServer extends LoopbackServer {
  readonly received: Received[];
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
  return { ...(await loopbackServer(listener, tls)), received };
}
