/** Cloud firewalls, on the droplets that they name and on those with one of their tags. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import { collection, timestamp, type Account, type Held } from './account';
import { isAddressOrRange } from './address-ranges';
import { one, type DigitalOceanRoute } from './answers';
import { requireDroplets } from './droplet';
import { conflict, unprocessable } from './errors';
import { loadBalancers, networkName } from './load-balancer';
import { existingTags } from './tag';
import { usualRoutes } from './usual-routes';

/** Documented limits of one firewall. */
const MAX_RULES = 50;
const MAX_DROPLETS = 10;
const MAX_TAGS = 5;
const MAX_PORT = 65_535;

const peers = z.object({
  addresses: listOf(z.string().refine(isAddressOrRange, 'invalid address')),
  tags: listOf(z.string()),
  droplet_ids: listOf(z.int()),
  load_balancer_uids: listOf(z.string()),
});
type Peers = z.infer<typeof peers>;

/** What is let through in one direction. */
const rule = z.object({
  protocol: z.enum(['tcp', 'udp', 'icmp'], 'invalid protocol'),
  /** One port, a range such as `8000-9000`, or `0` for all; always `0` for icmp. */
  ports: z.string().nullish(),
});
const inbound = rule.extend({ sources: peers }).transform(withPorts);
const outbound = rule.extend({ destinations: peers }).transform(withPorts);
const firewall = z.object({
  name: networkName,
  inbound_rules: listOf(inbound),
  outbound_rules: listOf(outbound),
  droplet_ids: listOf(z.int()).refine(
    (all) => all.length <= MAX_DROPLETS,
    `must not have more than ${MAX_DROPLETS} droplets`,
  ),
  tags: listOf(z.string()).refine((all) => all.length <= MAX_TAGS, `must not have more than ${MAX_TAGS} tags`),
});
type Wanted = z.infer<typeof firewall>;

export interface Firewall extends Held, Wanted {
  readonly id: string;
  droplet_ids: number[];
  tags: string[];
  readonly status: string;
  readonly created_at: string;
  readonly pending_changes: readonly never[];
}

export const firewalls = collection<Firewall>('firewalls', 'id');

export const firewallRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/firewalls', 'firewall:create', ({ account }, request) => {
    const wanted = bodyOf(request, firewall);
    check(account, wanted, undefined);
    const made = { id: randomUUID(), ...wanted, status: 'succeeded', created_at: timestamp(), pending_changes: [] };
    return one('firewall', body(account, firewalls.add(account, made)), 202);
  }),
  ...usualRoutes({ held: firewalls, key: 'firewall', body }),
  // Replaces all of it.
  route('PUT /v2/firewalls/{id}', 'firewall:update', ({ account }, request) => {
    const found = firewalls.find(account, request.params['id']);
    const wanted = bodyOf(request, firewall);
    check(account, wanted, found);
    return one('firewall', body(account, Object.assign(found, wanted)));
  }),
];

/** Of the peers of a rule, only the kinds that somebody named are told. */
function body(_account: Account, { inbound_rules, outbound_rules, ...rest }: Firewall): unknown {
  const named = (all: Peers) => Object.fromEntries(Object.entries(all).filter(([, list]) => list.length > 0));
  return {
    ...rest,
    inbound_rules: inbound_rules.map((one) => ({ ...one, sources: named(one.sources) })),
    outbound_rules: outbound_rules.map((one) => ({ ...one, destinations: named(one.destinations) })),
  };
}

/** Refuses what the API refuses, and names tags in the capitals that they have. */
function check(account: Account, wanted: Wanted, own: Firewall | undefined): void {
  const { name, tags, droplet_ids, inbound_rules, outbound_rules } = wanted;
  if (firewalls.of(account).some((other) => other.name === name && other !== own)) throw conflict('duplicate name');
  const rules = [
    ...inbound_rules.map(({ sources, ...one }) => ({ ...one, peers: sources })),
    ...outbound_rules.map(({ destinations, ...one }) => ({ ...one, peers: destinations })),
  ];
  if (rules.length === 0) throw unprocessable('must have at least one rule');
  if (rules.length > MAX_RULES) throw unprocessable(`must not have more than ${MAX_RULES} rules`);
  wanted.tags = existingTags(account, tags);
  requireDroplets(account, droplet_ids);
  for (const one of rules) {
    if (!validPorts(one.protocol, one.ports)) throw unprocessable(`invalid ports: ${one.ports}`);
    checkPeers(account, one.peers);
  }
}

function checkPeers(account: Account, peers: Peers): void {
  const { addresses, tags, droplet_ids, load_balancer_uids } = peers;
  if (addresses.length + tags.length + droplet_ids.length + load_balancer_uids.length === 0) {
    throw unprocessable('a rule must name at least one source or destination');
  }
  peers.tags = existingTags(account, tags);
  requireDroplets(account, droplet_ids);
  const known = loadBalancers.of(account).map(({ id }) => id);
  if (load_balancer_uids.some((id) => !known.includes(id))) throw unprocessable('load balancer does not exist');
}

/** The API keeps `all`, and icmp's absent ports, as 0. */
function withPorts<T extends z.infer<typeof rule>>(one: T): T & { ports: string } {
  return { ...one, ports: one.ports === 'all' || (one.protocol === 'icmp' && !one.ports) ? '0' : (one.ports ?? '') };
}

function validPorts(protocol: string, ports: string): boolean {
  if (ports === '0') return true;
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports) ?? [];
  if (protocol === 'icmp' || first === undefined) return false;
  return Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= MAX_PORT;
}
