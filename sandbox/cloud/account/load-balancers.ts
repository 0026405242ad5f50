import { randomUUID } from 'node:crypto';
import { regionOf } from '#config/digitalocean';
import { isAddressOrRange } from './address-ranges';
import { allocatePublicAddress } from './addresses';
import { conflict, notFound, unprocessable } from './errors';
import { refreshForwarders } from './forwarders';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { ForwardingRule, LoadBalancer, LoadBalancerPlace, LoadBalancerSettings } from './resources/load-balancer';
import { request, timestamp, type Session } from './session';
import type { AccountState } from './state';
import { requireExistingTags } from './tags';
import { urn } from './urns';
import { placeInVpc } from './vpcs';

const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/;
const TYPES = ['REGIONAL', 'REGIONAL_NETWORK'];
const NETWORK_PROTOCOLS = ['tcp', 'udp'];
/** More than these need a tag (documented limit). */
const MAX_NAMED_DROPLETS = 10;

export async function createLoadBalancer(
  session: Session,
  place: LoadBalancerPlace,
  settings: LoadBalancerSettings,
): Promise<LoadBalancer> {
  const { account } = session;
  const { state, quotas } = account;
  const balancer = await request(session, 'load_balancer:create', 'POST', '/v2/load_balancers', () => {
    checkPlace(place);
    check(state, settings, place.type, undefined);
    if (state.loadBalancers.length >= quotas.loadBalancers) throw unprocessable('load balancer limit exceeded');
    const added: LoadBalancer = {
      id: randomUUID(),
      ip: allocatePublicAddress(state, account.publicOctet),
      ...place,
      vpcId: placeInVpc(account, place.region, place.vpcId).id,
      ...settings,
      createdAt: timestamp(),
    };
    state.loadBalancers.push(added);
    holdInDefaultProject(state, urn.loadBalancer(added.id));
    return added;
  });
  await refreshForwarders(account);
  return balancer;
}

export function listLoadBalancers(session: Session): Promise<LoadBalancer[]> {
  const { state } = session.account;
  return request(session, 'load_balancer:read', 'GET', '/v2/load_balancers', () => [...state.loadBalancers]);
}

export function getLoadBalancer(session: Session, id: string): Promise<LoadBalancer> {
  const { state } = session.account;
  return request(session, 'load_balancer:read', 'GET', `/v2/load_balancers/${id}`, () => find(state, id));
}

/** Replaces all settings. */
export async function updateLoadBalancer(
  session: Session,
  id: string,
  settings: LoadBalancerSettings,
): Promise<LoadBalancer> {
  const { state } = session.account;
  const balancer = await request(session, 'load_balancer:update', 'PUT', `/v2/load_balancers/${id}`, () => {
    const found = find(state, id);
    check(state, settings, found.type, id);
    return Object.assign(found, settings);
  });
  await refreshForwarders(session.account);
  return balancer;
}

export async function deleteLoadBalancer(session: Session, id: string): Promise<void> {
  const { state } = session.account;
  await request(session, 'load_balancer:delete', 'DELETE', `/v2/load_balancers/${id}`, () => {
    const balancer = find(state, id);
    state.loadBalancers = state.loadBalancers.filter((candidate) => candidate !== balancer);
    forgetUrn(state, urn.loadBalancer(id));
  });
  await refreshForwarders(session.account);
}

function find(state: AccountState, id: string): LoadBalancer {
  const balancer = state.loadBalancers.find((candidate) => candidate.id === id);
  if (balancer === undefined) throw notFound();
  return balancer;
}

function checkPlace({ region, type, network }: LoadBalancerPlace): void {
  if (regionOf(region) === undefined) throw unprocessable('region is invalid');
  if (!TYPES.includes(type)) throw unprocessable(`load balancers of type ${type} are not part of the emulated cloud`);
  if (network !== 'EXTERNAL') throw unprocessable('internal load balancers are not part of the emulated cloud');
}

function check(state: AccountState, settings: LoadBalancerSettings, type: string, own: string | undefined): void {
  const { name, sizeUnit, httpIdleTimeoutSeconds: idle, forwardingRules, tag, dropletIds, allow, deny } = settings;
  if (!NAME.test(name))
    throw unprocessable('name must start with a letter or number and hold only a-z, A-Z, 0-9, . and -');
  if (state.loadBalancers.some((other) => other.name === name && other.id !== own)) {
    throw conflict('a load balancer with this name already exists');
  }
  if (sizeUnit < 1 || sizeUnit > 200) throw unprocessable('size_unit must be between 1 and 200');
  // The API reference's limits; 60 when a caller names none.
  if (idle < 30 || idle > 600) throw unprocessable('http_idle_timeout_seconds must be between 30 and 600');
  checkRules(forwardingRules, type);
  if (tag !== '') requireExistingTags(state, [tag]);
  if (tag !== '' && dropletIds.length > 0) throw unprocessable('droplet_ids and tag are mutually exclusive');
  if (dropletIds.length > MAX_NAMED_DROPLETS) throw unprocessable('more than 10 droplets need a tag');
  const missing = dropletIds.find((id) => !state.droplets.some((droplet) => droplet.id === id));
  if (missing !== undefined) throw unprocessable(`droplet ${missing} does not exist`);
  const bad = [...allow, ...deny].find((source) => !validSource(source));
  if (bad !== undefined) throw unprocessable(`invalid firewall source: ${bad}`);
}

function checkRules(rules: readonly ForwardingRule[], type: string): void {
  if (rules.length === 0) throw unprocessable('at least one forwarding rule is required');
  const entries = rules.map(
    ({ entryProtocol, entryPort }) => `${entryProtocol === 'udp' ? 'udp' : 'tcp'} ${entryPort}`,
  );
  if (new Set(entries).size < entries.length) throw unprocessable('forwarding rules must have different entry ports');
  const layer7 = rules.find(({ entryProtocol }) => !NETWORK_PROTOCOLS.includes(entryProtocol));
  if (type === 'REGIONAL_NETWORK' && layer7 !== undefined) {
    throw unprocessable('a network load balancer takes only tcp and udp forwarding rules');
  }
}

function validSource(source: string): boolean {
  const [kind, ...rest] = source.split(':');
  const address = rest.join(':');
  return kind === 'cidr'
    ? address.includes('/') && isAddressOrRange(address)
    : kind === 'ip' && isAddressOrRange(address);
}
