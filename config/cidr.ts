/** Address ranges in CIDR notation, IPv4 and IPv6. */
import { isIPv4, isIPv6 } from 'node:net';

export interface Cidr {
  readonly version: 4 | 6;
  /** The address as written; it need not be the first of the range. */
  readonly address: bigint;
  /** Length of the prefix: 0 to 32 or 0 to 128. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** @returns undefined unless the text is an address, a slash and a prefix length */
export function parseCidr(text: string): Cidr | undefined {
  const [, host, length] = /^([0-9a-fA-F:.]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  if (host === undefined) return undefined;
  const version = isIPv4(host) ? 4 : isIPv6(host) ? 6 : undefined;
  const prefix = Number(length);
  if (version === undefined || prefix > BITS[version]) return undefined;
  return { version, address: version === 4 ? parseIPv4(host) : parseIPv6(host), prefix };
}

/** The range as DigitalOcean writes it: first address, and IPv6 in its short form. */
export function formatCidr(cidr: Cidr): string {
  const address = firstAddress(cidr);
  return `${cidr.version === 4 ? formatIPv4(address) : formatIPv6(address)}/${cidr.prefix}`;
}

/** Whether every address of the inner range is in the outer one. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

/** Whether the ranges have an address in common. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  if (one.version !== other.version) return false;
  const rest = BigInt(BITS[one.version] - Math.min(one.prefix, other.prefix));
  return one.address >> rest === other.address >> rest;
}

/** How many addresses the range has. */
export function addressCount({ version, prefix }: Cidr): bigint {
  return 1n << BigInt(BITS[version] - prefix);
}

function firstAddress({ version, address, prefix }: Cidr): bigint {
  const rest = BigInt(BITS[version] - prefix);
  return (address >> rest) << rest;
}

function parseIPv4(text: string): bigint {
  return text.split('.').reduce((address, byte) => (address << 8n) | BigInt(byte), 0n);
}

function formatIPv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.');
}

function parseIPv6(text: string): bigint {
  const [head = '', tail] = shortIPv6(text).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = groups(tail ?? '');
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n);
}

function formatIPv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(16 * (7 - index))) & 0xffffn);
  return shortIPv6(groups.map((group) => group.toString(16)).join(':'));
}

/** URLs write IPv6 addresses in the short form of RFC 5952, with hexadecimal groups only. */
function shortIPv6(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
