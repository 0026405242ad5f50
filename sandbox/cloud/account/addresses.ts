/** Addresses: public ones from the sandbox's share of the loopback network, private ones from the VPC. */
import { addressCount, parseCidr } from '#config/cidr';
import { addressAt } from './address-ranges';
import { unprocessable } from './errors';
import type { Vpc } from './resources/vpc';
import type { AccountState } from './state';

/** 127.<a>.0.0 is nothing, 127.<a>.0.1 is for the sandbox's own services, the last one is kept free as well. */
const FIRST_PUBLIC = 2;
const LAST_PUBLIC = 65_534;
/** The first addresses of a VPC belong to its gateway and to DigitalOcean. */
const FIRST_PRIVATE = 2;

/**
 * The next free public address. Goes round, so that a released address does not come back at once with another owner.
 *
 * @param octet second octet of the sandbox's own part of 127.0.0.0/8
 */
export function allocatePublicAddress(state: AccountState, octet: number): string {
  const range = parseCidr(`127.${octet}.0.0/16`)!;
  const used = new Set([
    ...state.droplets.map(({ publicAddress }) => publicAddress),
    ...state.reservedIps.map(({ ip }) => ip),
    ...state.loadBalancers.map(({ ip }) => ip),
  ]);
  for (let tries = FIRST_PUBLIC; tries <= LAST_PUBLIC; tries += 1) {
    const last = Math.max(state.sequence.publicAddress, FIRST_PUBLIC - 1);
    state.sequence.publicAddress = last >= LAST_PUBLIC ? FIRST_PUBLIC : last + 1;
    const address = addressAt(range, state.sequence.publicAddress);
    if (!used.has(address)) return address;
  }
  throw unprocessable('No public address is left.');
}

/** The lowest free address of a VPC. */
export function allocatePrivateAddress(state: AccountState, vpc: Vpc): string {
  const range = parseCidr(vpc.ipRange)!;
  const used = new Set(
    state.droplets.filter(({ vpcId }) => vpcId === vpc.id).map(({ privateAddress }) => privateAddress),
  );
  for (let index = FIRST_PRIVATE; index < Number(addressCount(range)) - 1; index += 1) {
    const address = addressAt(range, index);
    if (!used.has(address)) return address;
  }
  throw unprocessable(`VPC ${vpc.name} has no free address left.`);
}
