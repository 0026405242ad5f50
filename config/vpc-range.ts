/** Which private range a cluster's VPC may have. */
import { type Cidr, contains, formatCidr, overlaps, parseCidr } from './cidr';

/** Addresses of pods and of services, for the life of a cluster. */
export const POD_CIDR = '10.42.0.0/16';
export const SERVICE_CIDR = '10.43.0.0/16';

/** RFC 1918. */
const PRIVATE = ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');

/**
 * The second address on every droplet's public interface, with a /16: a VPC inside it would not be reached. Not in
 * DigitalOcean's documentation; seen in published network settings of droplets in these regions only.
 */
const ANCHORS = { ams3: '10.18.0.0/16', fra1: '10.19.0.0/16', lon1: '10.16.0.0/16', nyc3: '10.17.0.0/16' };

/** Pods and services of the cluster, what DigitalOcean keeps for itself (docs, "Plan your VPC network"), and anchors. */
const TAKEN: readonly { range: Cidr; by: string; region?: string }[] = [
  { range: range(POD_CIDR), by: 'the pods of the cluster' },
  { range: range(SERVICE_CIDR), by: 'the services of the cluster' },
  { range: range('10.244.0.0/16'), by: 'DigitalOcean' },
  { range: range('10.245.0.0/16'), by: 'DigitalOcean' },
  { range: range('10.246.0.0/24'), by: 'DigitalOcean' },
  { range: range('10.229.0.0/16'), by: 'DigitalOcean' },
  { range: range('10.10.0.0/16'), by: 'DigitalOcean in nyc1', region: 'nyc1' },
  ...Object.entries(ANCHORS).map(([region, cidr]) => ({
    range: range(cidr),
    by: `the anchor addresses of droplets in ${region}`,
    region,
  })),
];

/**
 * Addresses of a VPC that no node gets: network, broadcast and gateway, some that DigitalOcean keeps, and those of the
 * load balancers. Rounded up.
 */
export const UNUSABLE_ADDRESSES = 8;

const ALLOWED = 'a private IPv4 range between /16 and /28, such as 10.110.0.0/20';

/** @returns what is allowed instead, or undefined when the range is fine in every region */
export function vpcRangeFault(text: string): string | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined || cidr.version === 6) return ALLOWED;
  if (formatCidr(cidr) !== text) return `${ALLOWED}; write this one as ${formatCidr(cidr)}`;
  const fits = cidr.prefix >= 16 && cidr.prefix <= 28 && PRIVATE.some((network) => contains(network, cidr));
  return fits ? overlapFault(cidr) : ALLOWED;
}

/** @returns what is allowed instead, or undefined when DigitalOcean does not keep the range for itself in that region */
export function regionalRangeFault(text: string, region: string): string | undefined {
  const cidr = parseCidr(text);
  return cidr && overlapFault(cidr, region);
}

function overlapFault(cidr: Cidr, region?: string): string | undefined {
  const clash = TAKEN.find((taken) => taken.region === region && overlaps(taken.range, cidr));
  return clash && `${ALLOWED}; it may not overlap ${formatCidr(clash.range)}, taken by ${clash.by}`;
}

function ranges(...texts: string[]): Cidr[] {
  return texts.map(range);
}

function range(text: string): Cidr {
  return parseCidr(text)!;
}
