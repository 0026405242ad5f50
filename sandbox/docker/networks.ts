/** Docker networks that machines are in. */
import { createServer } from 'node:net';
import { CommandFailure } from '#clients/failure';
import { parseCidr } from '#config/cidr';
import { addressAt } from '../cloud/digitalocean/address-ranges';
import type { DockerEngine } from './engine';

export interface NetworkOrder {
  readonly name: string;
  /** CIDR ranges, of which the first free one is taken. */
  readonly ranges: readonly string[];
  /** Part of the range, as its last addresses, out of which containers get one that ask for none. Default: all. */
  readonly automatic?: (range: string) => string;
  readonly label: string;
}

/** Makes a network, or finds it. @returns its CIDR range. @throws CommandFailure when no range is free */
export async function dockerNetwork(engine: DockerEngine, { name, ranges, ...order }: NetworkOrder): Promise<string> {
  const found = await engine.attempt(['network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name]);
  if (found.code === 0) return found.text.trim();
  let refusal = 'all ranges are in use';
  for (const range of ranges) {
    const gateway = addressIn(range, 1);
    // Another engine's networks are known to the host only.
    if (await hostHas(gateway)) continue;
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

/** Whether this host has an address. */
function hostHas(address: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}
