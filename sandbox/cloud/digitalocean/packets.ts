/** Which packets the cloud firewalls let through from one droplet to another. */
import { contains, parseCidr } from '#config/cidr';
import type { Account } from './account';
import { droplets, type Droplet } from './droplet';
import { firewalls, type Firewall } from './firewall';
import { loadBalancers, targetsOf } from './load-balancer';
import { addressOf } from './machines';
import { reservedIps } from './reserved-ip';

/**
 * Whether a droplet may open TCP connections to a public address: that of a droplet, of a reserved IP, or of a network
 * load balancer, which passes on the caller's address. They come from the droplet's own public address.
 */
export function mayReach(account: Account, id: number, address: string, port: number): boolean {
  const source = droplets.of(account).find((droplet) => droplet.id === id);
  if (source === undefined) return false;
  return behind(account, address).some((target) => letsIn(account, target, addressOf(source, 'public'), port));
}

function behind(account: Account, address: string): Droplet[] {
  const balancer = loadBalancers.of(account).find(({ ip }) => ip === address);
  if (balancer !== undefined) return targetsOf(account, balancer);
  const reserved = reservedIps.of(account).find(({ ip }) => ip === address);
  return droplets
    .of(account)
    .filter((droplet) => addressOf(droplet, 'public') === address || droplet.id === reserved?.droplet_id);
}

/** A droplet without a firewall is open; with several, what one of them allows is allowed. */
function letsIn(account: Account, target: Droplet, source: string, port: number): boolean {
  const own = firewalls.of(account).filter((firewall) => isOn(firewall, target));
  const rules = own.flatMap(({ inbound_rules }) => inbound_rules);
  return own.length === 0 || rules.some((rule) => covers(rule, port) && names(rule, source));
}

/** Whether a firewall is on a droplet. */
export function isOn({ tags, droplet_ids }: Firewall, droplet: Droplet): boolean {
  return droplet_ids.includes(droplet.id) || tags.some((tag) => droplet.tags.includes(tag));
}

function covers({ protocol, ports }: Firewall['inbound_rules'][number], port: number): boolean {
  const [first, last = first] = ports.split('-').map(Number) as [number, number?];
  return protocol === 'tcp' && (ports === '0' || (first <= port && port <= last));
}

/**
 * Tags and droplets as sources are taken for their private addresses. DigitalOcean's documentation of firewalls, of the API
 * and of the provider says nowhere which addresses of a droplet they stand for: of two readings this one lets less in.
 */
function names({ sources }: Firewall['inbound_rules'][number], source: string): boolean {
  const address = parseCidr(`${source}/32`)!;
  return sources.addresses.some((text) => {
    const range = parseCidr(text.includes('/') ? text : `${text}/32`);
    return range !== undefined && range.version === address.version && contains(range, address);
  });
}
