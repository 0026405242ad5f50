/** Docker networks that machines are in. */
import { CommandFailure } from '#clients/failure';
import { parseCidr } from '#config/cidr';
import { addressAt } from '../cloud/digitalocean/address-ranges';
import { canListen } from '../net/listen';
import type { DockerEngine } from './engine';

export interface NetworkOrder {
  readonly name: string;
  /** CIDR ranges, of which the first free one is taken. */
  readonly ranges: readonly string[];
  /** Part of the range out of which containers get an address that ask for none. Default: all. */
  readonly automatic?: (range: string) => string;
  readonly label: string;
}

/** From 198.18.0.0/15, which is for tests of networks (RFC 2544). Many are tried: each Docker network needs a free one. */
export const PUBLIC_NETWORKS = Array.from({ length: 40 }, (_, index) => `198.18.${index + 1}.0/24`);

/** Of a public network: what the cloud gives to droplets, load balancers and as reserved IPs. */
export function givenAddresses(network: string): string {
  return network.replace(/0\/24$/, '0/25');
}

/** Of a public network: for containers that ask for no address. */
export function automaticAddresses(network: string): string {
  return network.replace(/0\/24$/, '192/26');
}

/** A public network that nothing on this host uses. @throws CommandFailure when there is none */
export async function freePublicNetwork(): Promise<string> {
  for (const network of PUBLIC_NETWORKS) if (!(await canListen(addressIn(network, 1)))) return network;
  throw new CommandFailure(
    'All networks from 198.18.1.0/24 to 198.18.40.0/24 are in use: end a sandbox that you no longer need.',
  );
}

/** Makes a network, or finds it. @returns its CIDR range. @throws CommandFailure when no range is free */
export async function dockerNetwork(engine: DockerEngine, { name, ranges, ...order }: NetworkOrder): Promise<string> {
  const found = await engine.attempt(['network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name]);
  if (found.code === 0) return found.text.trim();
  let refusal = 'all ranges are in use';
  for (const range of ranges) {
    const gateway = addressIn(range, 1);
    // Another engine's networks are known to the host only.
    if (await canListen(gateway)) continue;
    const automatic = order.automatic === undefined ? [] : ['--ip-range', order.automatic(range)];
    const where = ['--subnet', range, '--gateway', gateway, ...automatic, '--label', order.label];
    const made = await engine.attempt(['network', 'create', ...where, name]);
    if (made.code === 0) return range;
    refusal = made.text.trim();
  }
  throw new CommandFailure(`Docker has no free network for the machines among ${ranges.join(', ')}: ${refusal}`);
}

/** The n-th address of an IPv4 range, counted from 0. */
export function addressIn(range: string, index: number): string {
  return addressAt(parseCidr(range)!, index);
}
