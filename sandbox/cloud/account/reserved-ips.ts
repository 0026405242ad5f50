import { regionOf } from '#config/digitalocean';
import { allocatePublicAddress } from './addresses';
import { findDroplet } from './droplets';
import { notFound, unprocessable } from './errors';
import { asEvent } from './events';
import { refreshForwarders } from './forwarders';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { ReservedIp } from './resources/reserved-ip';
import { request, type Session } from './session';
import type { AccountState } from './state';
import { urn } from './urns';

export function createReservedIp(session: Session, region: string): Promise<ReservedIp> {
  const { account } = session;
  const { state, quotas } = account;
  return request(session, 'reserved_ip:create', 'POST', '/v2/reserved_ips', () => {
    if (regionOf(region) === undefined) throw unprocessable('region is invalid');
    if (state.reservedIps.length >= quotas.reservedIps) throw unprocessable('reserved IP limit exceeded');
    const reserved: ReservedIp = {
      ip: allocatePublicAddress(state, account.publicOctet),
      region,
      dropletId: undefined,
    };
    state.reservedIps.push(reserved);
    holdInDefaultProject(state, urn.floatingIp(reserved.ip));
    return reserved;
  });
}

export function listReservedIps(session: Session): Promise<ReservedIp[]> {
  return request(session, 'reserved_ip:read', 'GET', '/v2/reserved_ips', () => [...session.account.state.reservedIps]);
}

export function getReservedIp(session: Session, ip: string): Promise<ReservedIp> {
  const { state } = session.account;
  return request(session, 'reserved_ip:read', 'GET', `/v2/reserved_ips/${ip}`, () => find(state, ip));
}

/** Gives the address to a droplet of its region, taking it from the one that had it. */
export async function assignReservedIp(session: Session, ip: string, dropletId: number): Promise<ReservedIp> {
  const { state } = session.account;
  const assigned = await act(session, ip, [urn.droplet(dropletId)], (begin) => {
    const reserved = find(state, ip);
    const droplet = findDroplet(state, dropletId);
    if (droplet.region !== reserved.region) {
      throw unprocessable('The Reserved IP and the Droplet must be in the same region.');
    }
    if (state.reservedIps.some((other) => other.dropletId === dropletId && other !== reserved)) {
      throw unprocessable('The Droplet already has a Reserved IP associated with it.');
    }
    begin();
    return Object.assign(reserved, { dropletId });
  });
  await refreshForwarders(session.account);
  return assigned;
}

export async function unassignReservedIp(session: Session, ip: string): Promise<void> {
  const { state } = session.account;
  await act(session, ip, [], (begin) => {
    const reserved = find(state, ip);
    if (reserved.dropletId === undefined) throw unprocessable('The Reserved IP is not assigned to a Droplet.');
    begin();
    reserved.dropletId = undefined;
  });
  await refreshForwarders(session.account);
}

export async function deleteReservedIp(session: Session, ip: string): Promise<void> {
  const { state } = session.account;
  await request(session, 'reserved_ip:delete', 'DELETE', `/v2/reserved_ips/${ip}`, () => {
    const reserved = find(state, ip);
    state.reservedIps = state.reservedIps.filter((candidate) => candidate !== reserved);
    forgetUrn(state, urn.floatingIp(ip));
  });
  await refreshForwarders(session.account);
}

/** An action on a reserved IP, which is an event of the droplets as well. */
function act<T>(session: Session, ip: string, droplets: readonly string[], work: (begin: () => void) => T): Promise<T> {
  const path = `/v2/reserved_ips/${ip}/actions`;
  return asEvent(
    session,
    [...droplets, urn.floatingIp(ip)],
    (begin) => request(session, 'reserved_ip:update', 'POST', path, () => work(begin)),
    { scope: 'reserved_ip:read', path },
  );
}

function find(state: AccountState, ip: string): ReservedIp {
  const reserved = state.reservedIps.find((candidate) => candidate.ip === ip);
  if (reserved === undefined) throw notFound();
  return reserved;
}
