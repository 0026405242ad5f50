/** Reserved IPs: public addresses that can move from droplet to droplet of a region. */
import { z } from 'zod';
import { regionOf } from '#config/digitalocean';
import { bodyOf } from '../http/request-body';
import { route } from '../http/routes';
import { begin } from './actions';
import { collection, type Account, type Held } from './account';
import { allocatePublicAddress } from './addresses';
import { one, regionBody, type DigitalOceanRoute } from './answers';
import { body as dropletBody, droplets } from './droplet';
import { unprocessable } from './errors';
import { inDefaultProject } from './project';
import { usualRoutes } from './usual-routes';

export interface ReservedIp extends Held {
  readonly urn: string;
  readonly ip: string;
  readonly region: string;
  /** Null while it leads to none; the API tells all of the droplet. */
  droplet_id: number | null;
}

const createRequest = z.object({ region: z.string() });
const actionRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('assign'), droplet_id: z.int() }),
  z.object({ type: z.literal('unassign') }),
]);

export const reservedIps = collection<ReservedIp>('reserved_ips', 'ip');

export const reservedIpRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/reserved_ips', 'reserved_ip:create', ({ account }, request) => {
    const { region } = bodyOf(request, createRequest);
    if (regionOf(region) === undefined) throw unprocessable('region is invalid');
    if (reservedIps.of(account).length >= account.quotas.reserved_ips) {
      throw unprocessable('reserved IP limit exceeded');
    }
    const ip = allocatePublicAddress(account);
    const made = { ip, region, droplet_id: null, ...inDefaultProject(account, `do:floatingip:${ip}`) };
    return one('reserved_ip', body(account, reservedIps.add(account, made)), 202);
  }),
  ...usualRoutes({ held: reservedIps, key: 'reserved_ip', body }),
  route('POST /v2/reserved_ips/{ip}/actions', 'reserved_ip:update', ({ account }, request) => {
    const reserved = reservedIps.find(account, request.params['ip']);
    const wanted = bodyOf(request, actionRequest);
    const busy = wanted.type === 'assign' ? [checkAssignable(account, reserved, wanted.droplet_id)] : [];
    if (wanted.type === 'unassign' && reserved.droplet_id === null) {
      throw unprocessable('The Reserved IP is not assigned to a Droplet.');
    }
    const { urn, region } = reserved;
    const action = begin(account, `${wanted.type}_ip`, { urn, busy: [...busy, urn], region });
    // Taken from the droplet that had it.
    reserved.droplet_id = wanted.type === 'assign' ? wanted.droplet_id : null;
    return one('action', action, 201);
  }),
];

/** @returns the droplet's urn */
function checkAssignable(account: Account, reserved: ReservedIp, dropletId: number): string {
  const droplet = droplets.find(account, dropletId);
  if (droplet.region !== reserved.region) {
    throw unprocessable('The Reserved IP and the Droplet must be in the same region.');
  }
  if (reservedIps.of(account).some((other) => other.droplet_id === dropletId && other !== reserved)) {
    throw unprocessable('The Droplet already has a Reserved IP associated with it.');
  }
  return droplet.urn;
}

function body(account: Account, { ip, region, droplet_id, project_id }: ReservedIp): unknown {
  const droplet = droplet_id === null ? null : dropletBody(account, droplets.find(account, droplet_id));
  return { ip, region: regionBody(region), droplet, locked: false, project_id };
}
