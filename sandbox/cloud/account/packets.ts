/** Which packets the cloud firewalls let through from one droplet to another. */
import { contains, parseCidr } from '#config/cidr';
import { targetsOf } from './forwarders';
import type { Droplet } from './resources/droplet';
import type { Firewall, FirewallRule } from './resources/firewall';
import type { AccountState } from './state';

/**
 * Whether a droplet may open TCP connections to a public address: that of a droplet, of a reserved IP, or of a network
 * load balancer, which passes on the caller's address. They come from the droplet's own public address.
 */
export function mayReach(state: AccountState, id: number, address: string, port: number): boolean {
  const source = state.droplets.find((droplet) => droplet.id === id);
  if (source === undefined) return false;
  return behind(state, address).some((target) => letsIn(state, target, source.publicAddress, port));
}

function behind(state: AccountState, address: string): Droplet[] {
  const balancer = state.loadBalancers.find(({ ip }) => ip === address);
  if (balancer !== undefined) return targetsOf(state, balancer);
  const reserved = state.reservedIps.find(({ ip }) => ip === address);
  return state.droplets.filter(({ id, publicAddress }) => publicAddress === address || id === reserved?.dropletId);
}

/** A droplet without a firewall is open; with several, what one of them allows is allowed. */
function letsIn({ firewalls }: AccountState, target: Droplet, source: string, port: number): boolean {
  const own = firewalls.filter((firewall) => isOn(firewall, target));
  return (
    own.length === 0 || own.some(({ inbound }) => inbound.some((rule) => covers(rule, port) && names(rule, source)))
  );
}

function isOn({ tags, dropletIds }: Firewall, { id, tags: carried }: Droplet): boolean {
  return dropletIds.includes(id) || tags.some((tag) => carried.includes(tag));
}

function covers({ protocol, ports }: FirewallRule, port: number): boolean {
  const [first, last = first] = ports.split('-').map(Number) as [number, number?];
  return protocol === 'tcp' && (ports === '0' || (first <= port && port <= last));
}

/**
 * Tags and droplets as sources are taken for their private addresses. DigitalOcean's documentation of firewalls, of the API
 * and of the provider says nowhere which addresses of a droplet they stand for: of two readings this one lets less in.
 */
function names({ peers }: FirewallRule, source: string): boolean {
  const address = parseCidr(`${source}/32`)!;
  return peers.addresses.some((text) => {
    const range = parseCidr(text.includes('/') ? text : `${text}/32`);
    return range !== undefined && range.version === address.version && contains(range, address);
  });
}
