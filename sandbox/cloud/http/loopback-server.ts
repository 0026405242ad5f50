/** Lets an emulated API listen, where nobody outside of this machine reaches it. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen, stopListening } from '#sandbox/net/listen';

export interface ListenOptions {
  /** Address of loopback, or of a network made for the sandbox. */
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface RunningApi {
  /** URL without a path at its end. */
  readonly url: string;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

const LOOPBACK = /^127\.\d+\.\d+\.\d+$/;

/** @param name for messages: `The emulated <name>` */
export async function listenOnLoopback(
  server: Server,
  name: string,
  { address, port }: ListenOptions,
): Promise<RunningApi> {
  if (!LOOPBACK.test(address)) throw new Error(`The emulated ${name} listens on loopback only, not on ${address}.`);
  await listen(server, { host: address, port });
  return { url: originOf(server.address() as AddressInfo), stop: () => stopListening(server) };
}

/** URL of an address without a path at its end. */
export function originOf({ address, port }: Pick<AddressInfo, 'address' | 'port'>): string {
  return `http://${address}:${port}`;
}
