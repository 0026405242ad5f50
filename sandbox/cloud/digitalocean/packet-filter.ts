/** A droplet's firewalls together, for machines that filter packets. */
import type { PacketFilter, PacketRule } from '../machines';
import type { Account } from './account';
import { droplets, type Droplet } from './droplet';
import { firewalls, type Firewall } from './firewall';
import { addressOf } from './machines';
import { isOn } from './packets';

type Rule = Pick<Firewall['inbound_rules'][number], 'protocol' | 'ports'>;
type Peers = Firewall['inbound_rules'][number]['sources'];

/** By which the machines know a load balancer. */
export function balancerKey(id: string): string {
  return `load-balancer-${id}`;
}

/** What one of a droplet's firewalls allows is allowed; a droplet without one is open (undefined). */
export function packetFilterOf(account: Account, droplet: Droplet): PacketFilter | undefined {
  const own = firewalls.of(account).filter((firewall) => isOn(firewall, droplet));
  if (own.length === 0) return undefined;
  return {
    inbound: own.flatMap((one) => one.inbound_rules.map((rule) => packetRule(account, rule, rule.sources))),
    outbound: own.flatMap((one) => one.outbound_rules.map((rule) => packetRule(account, rule, rule.destinations))),
  };
}

function packetRule(account: Account, { protocol, ports }: Rule, peers: Peers): PacketRule {
  const named = droplets
    .of(account)
    .filter(({ id, tags }) => peers.droplet_ids.includes(id) || tags.some((tag) => peers.tags.includes(tag)));
  return {
    protocol,
    ...(ports !== '0' && { ports }),
    // Only private ones stand for a tag or a droplet: see packets.ts.
    peers: [...peers.addresses, ...named.map((droplet) => addressOf(droplet, 'private'))],
    forwarders: peers.load_balancer_uids.map(balancerKey),
  };
}
