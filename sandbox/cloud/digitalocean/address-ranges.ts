import { isIP } from 'node:net';
import { contains, formatCidr, parseCidr, type Cidr } from '#config/cidr';

/** Private address space (RFC 1918). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => parseCidr(text)!);

/** Whether all of a range is private. */
export function isPrivate(range: Cidr): boolean {
  return PRIVATE.some((block) => contains(block, range));
}

/** The n-th address of an IPv4 range that is written with its first address, counted from 0. */
export function addressAt({ address }: Cidr, index: number): string {
  const [host] = formatCidr({ version: 4, address: address + BigInt(index), prefix: 32 }).split('/');
  return host!;
}

/** An IPv4 or IPv6 address, or a range of either. */
export function isAddressOrRange(text: string): boolean {
  return isIP(text) !== 0 || parseCidr(text) !== undefined;
}
