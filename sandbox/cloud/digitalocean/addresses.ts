/** Addresses: public ones from the sandbox's own range, private ones from the VPC. */
import { addressCount, parseCidr } from '#config/cidr';
import { everything, nextId, type Account } from './account';
import { addressAt } from './address-ranges';
import { unprocessable } from './errors';

/** The first address is nothing, the second is for the sandbox's own services, the last one is kept free as well. */
const FIRST_PUBLIC = 2;
/** The first addresses of a VPC belong to its gateway and to DigitalOcean. */
const FIRST_PRIVATE = 2;

/** The next free public address. Goes round, so that a released address does not come back at once with another owner. */
export function allocatePublicAddress(account: Account): string {
  const range = parseCidr(account.publicRange)!;
  const used = addressesIn(account);
  const count = Number(addressCount(range)) - FIRST_PUBLIC - 1;
  for (let tries = 0; tries < count; tries += 1) {
    const address = addressAt(range, FIRST_PUBLIC + ((nextId(account, 'public_addresses') - 1) % count));
    if (!used.has(address)) return address;
  }
  throw unprocessable('No public address is left.');
}

/** The lowest free address of a VPC. */
export function allocatePrivateAddress(account: Account, vpc: { name: string; ip_range: string }): string {
  const range = parseCidr(vpc.ip_range)!;
  const used = addressesIn(account);
  for (let index = FIRST_PRIVATE; index < Number(addressCount(range)) - 1; index += 1) {
    const address = addressAt(range, index);
    if (!used.has(address)) return address;
  }
  throw unprocessable(`VPC ${vpc.name} has no free address left.`);
}

/** Public and private ones: the ranges of VPCs do not overlap. */
function addressesIn(account: Account): Set<string | undefined> {
  return new Set(
    everything(account).flatMap(({ ip, networks }) => [
      ip,
      ...(networks?.v4.map(({ ip_address }) => ip_address) ?? []),
    ]),
  );
}
