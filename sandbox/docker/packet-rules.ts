/** What the cloud's firewalls say, as rules of iptables inside the machine, before any of its own sees a packet. */
import { isIPv4 } from 'node:net';
import type { PacketFilter, PacketRule } from '../cloud/machines';

export interface FilterSurroundings {
  /** Address of the sandbox's own services; the metadata service is never filtered. */
  readonly gateway: string;
  readonly metadataPort: number;
  /** Addresses that a forwarder sends from. */
  readonly addressesOf: (forwarder: string) => readonly string[];
}

/** Chains that machine-init.sh makes and hangs on the machine's interfaces. */
const CHAINS = { inbound: 'FORGE-IN', outbound: 'FORGE-OUT' } as const;
const TAKE_PART = '-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN';

/** Input of `iptables-restore --noflush`. Without a filter everything gets through. */
export function packetRules(filter: PacketFilter | undefined, { gateway, ...around }: FilterSurroundings): string {
  const lines = (direction: 'inbound' | 'outbound', peer: '-s' | '-d') => {
    const chain = CHAINS[direction];
    if (filter === undefined) return [];
    const allowed = filter[direction].flatMap((rule) => allow(rule, peer, around));
    return [TAKE_PART, ...allowed, '-j DROP'].map((rule) => `-A ${chain} ${rule}`);
  };
  const metadata = `-A ${CHAINS.outbound} -d ${gateway}/32 -p tcp --dport ${around.metadataPort} -j RETURN`;
  return [
    '*mangle',
    // Naming a chain empties it.
    ...Object.values(CHAINS).map((chain) => `:${chain} - [0:0]`),
    ...lines('inbound', '-s'),
    ...(filter === undefined ? [] : [metadata]),
    ...lines('outbound', '-d'),
    'COMMIT',
    '',
  ].join('\n');
}

function allow(
  { protocol, ports, peers, forwarders }: PacketRule,
  peer: '-s' | '-d',
  { addressesOf }: Pick<FilterSurroundings, 'addressesOf'>,
): string[] {
  const port = ports === undefined || protocol === 'icmp' ? '' : ` --dport ${ports.replace('-', ':')}`;
  return [...peers.filter(isVersion4), ...forwarders.flatMap(addressesOf)].map(
    (address) => `${peer} ${address} -p ${protocol}${port} -j RETURN`,
  );
}

/** Machines have no IPv6. */
function isVersion4(range: string): boolean {
  return isIPv4(range.split('/')[0]!);
}
