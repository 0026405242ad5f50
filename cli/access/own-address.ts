/** Under which address this machine is seen by the cluster. */
import { createSocket } from 'node:dgram';
import { BlockList, isIPv4 } from 'node:net';
import { CommandFailure } from '#clients/failure';

/** Answers with the caller's address and nothing else; run by Amazon for its customers, and asked over HTTPS only. */
const ECHO = 'https://checkip.amazonaws.com/';
const TIMEOUT_MS = 10_000;
const ANY_PORT = 9;

/** Ranges that no packet on the internet comes from. Source: RFC 6890. */
const INTERNAL = new BlockList();
const INTERNAL_RANGES: readonly [string, number][] = [
  ...(['0.0.0.0', '10.0.0.0', '127.0.0.0'] as const).map((network): [string, number] => [network, 8]),
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
];
for (const [network, prefix] of INTERNAL_RANGES) INTERNAL.addSubnet(network, prefix);

export interface AddressSources {
  /** Of the packets that this machine sends to a host; undefined without a route. */
  readonly route: (host: string) => Promise<string | undefined>;
  /** What a server on the internet sees. */
  readonly echo: () => Promise<string>;
}

/**
 * The machine's own address where it is a public one, or where the cluster is on this machine. Behind a router that
 * translates addresses, a server on the internet is asked.
 *
 * @param server URL of the Kubernetes API
 * @throws CommandFailure with what to do instead
 */
export async function ownAddress(
  server: string,
  { route, echo }: AddressSources = { route: sourceAddress, echo: askEcho },
): Promise<string> {
  const host = new URL(server).hostname;
  const source = isIPv4(host) ? await route(host) : undefined;
  if (source !== undefined && (INTERNAL.check(host) || !INTERNAL.check(source))) return source;
  const answer = (await echo().catch(() => '')).trim();
  if (isIPv4(answer)) return answer;
  throw new CommandFailure(
    `${ECHO} did not say which IPv4 address this machine has on the internet. Give it yourself: --address 203.0.113.7`,
  );
}

/** Connecting a UDP socket looks up the route; nothing is sent. */
function sourceAddress(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address?: string) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end());
    socket.connect(ANY_PORT, host, () => end(socket.address().address));
  });
}

async function askEcho(): Promise<string> {
  const answer = await fetch(ECHO, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  return answer.text();
}
