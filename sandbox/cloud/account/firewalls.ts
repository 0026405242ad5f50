import { randomUUID } from 'node:crypto';
import { isAddressOrRange } from './address-ranges';
import { conflict, notFound, unprocessable } from './errors';
import type { Firewall, FirewallRule } from './resources/firewall';
import { request, timestamp, type Session } from './session';
import type { AccountState } from './state';
import { requireExistingTags } from './tags';

export interface FirewallRequest {
  readonly name: string;
  readonly tags: readonly string[];
  readonly dropletIds: readonly number[];
  readonly inbound: readonly FirewallRule[];
  readonly outbound: readonly FirewallRule[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/;
/** Documented limits of one firewall. */
const MAX_RULES = 50;
const MAX_DROPLETS = 10;
const MAX_TAGS = 5;
const MAX_PORT = 65_535;

export function createFirewall(session: Session, wanted: FirewallRequest): Promise<Firewall> {
  const { state } = session.account;
  return request(session, 'firewall:create', 'POST', '/v2/firewalls', () => {
    check(state, wanted, undefined);
    const firewall: Firewall = { id: randomUUID(), ...content(wanted), createdAt: timestamp() };
    state.firewalls.push(firewall);
    return firewall;
  });
}

export function listFirewalls(session: Session): Promise<Firewall[]> {
  return request(session, 'firewall:read', 'GET', '/v2/firewalls', () => [...session.account.state.firewalls]);
}

export function getFirewall(session: Session, id: string): Promise<Firewall> {
  const { state } = session.account;
  return request(session, 'firewall:read', 'GET', `/v2/firewalls/${id}`, () => find(state, id));
}

/** Replaces all of it. */
export function updateFirewall(session: Session, id: string, wanted: FirewallRequest): Promise<Firewall> {
  const { state } = session.account;
  return request(session, 'firewall:update', 'PUT', `/v2/firewalls/${id}`, () => {
    const firewall = find(state, id);
    check(state, wanted, id);
    return Object.assign(firewall, content(wanted));
  });
}

export function deleteFirewall(session: Session, id: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'firewall:delete', 'DELETE', `/v2/firewalls/${id}`, () => {
    const firewall = find(state, id);
    state.firewalls = state.firewalls.filter((candidate) => candidate !== firewall);
  });
}

function content({ name, tags, dropletIds, inbound, outbound }: FirewallRequest): Omit<Firewall, 'id' | 'createdAt'> {
  return { name, tags: [...tags], dropletIds: [...dropletIds], inbound: [...inbound], outbound: [...outbound] };
}

function find(state: AccountState, id: string): Firewall {
  const firewall = state.firewalls.find((candidate) => candidate.id === id);
  if (firewall === undefined) throw notFound();
  return firewall;
}

function check(state: AccountState, wanted: FirewallRequest, own: string | undefined): void {
  const { name, tags, dropletIds, inbound, outbound } = wanted;
  if (!NAME.test(name))
    throw unprocessable('name must start with a letter or number and hold only a-z, A-Z, 0-9, . and -');
  if (state.firewalls.some((firewall) => firewall.name === name && firewall.id !== own))
    throw conflict('duplicate name');
  const rules = [...inbound, ...outbound];
  if (rules.length === 0) throw unprocessable('must have at least one rule');
  if (rules.length > MAX_RULES) throw unprocessable(`must not have more than ${MAX_RULES} rules`);
  if (dropletIds.length > MAX_DROPLETS) throw unprocessable(`must not have more than ${MAX_DROPLETS} droplets`);
  if (tags.length > MAX_TAGS) throw unprocessable(`must not have more than ${MAX_TAGS} tags`);
  requireExistingTags(state, tags);
  requireDroplets(state, dropletIds);
  for (const rule of rules) checkRule(state, rule);
}

function checkRule(state: AccountState, { protocol, ports, peers }: FirewallRule): void {
  if (!['tcp', 'udp', 'icmp'].includes(protocol)) throw unprocessable(`invalid protocol: ${protocol}`);
  if (!validPorts(protocol, ports)) throw unprocessable(`invalid ports: ${ports}`);
  const { addresses, tags, dropletIds, loadBalancerIds } = peers;
  if (addresses.length + tags.length + dropletIds.length + loadBalancerIds.length === 0) {
    throw unprocessable('a rule must name at least one source or destination');
  }
  const bad = addresses.find((address) => !isAddressOrRange(address));
  if (bad !== undefined) throw unprocessable('invalid address');
  requireExistingTags(state, tags);
  requireDroplets(state, dropletIds);
  if (loadBalancerIds.some((id) => !state.loadBalancers.some((balancer) => balancer.id === id))) {
    throw unprocessable('load balancer does not exist');
  }
}

function validPorts(protocol: string, ports: string): boolean {
  if (ports === '0') return true;
  if (protocol === 'icmp') return false;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports);
  if (match === null) return false;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && first <= last && last <= MAX_PORT;
}

function requireDroplets(state: AccountState, ids: readonly number[]): void {
  const missing = ids.find((id) => !state.droplets.some((droplet) => droplet.id === id));
  if (missing !== undefined) throw unprocessable(`droplet ${missing} does not exist`);
}
