/** The emulated Spaces as restic wants them: without TLS it sends no key. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../controllers/self-signed-certificate';
import { listen, stopListening } from '../net/listen';
import { internet } from './internet';

export interface SpacesOverTls {
  /** Without a bucket. */
  readonly url: string;
  /** The certificate that signs for it, PEM. */
  readonly authority: string;
  stop(): Promise<void>;
}

/** @param endpoint URL of the emulated Spaces */
export async function spacesOverTls(endpoint: string): Promise<SpacesOverTls> {
  const { certificate: cert, key } = await selfSigned(['127.0.0.1']);
  const server = createServer({ cert, key }, internet({ spaces: endpoint, github: new Map() }));
  await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: cert,
    stop: () => stopListening(server),
  };
}
