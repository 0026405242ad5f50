import { randomBytes } from 'node:crypto';
import {
  assignReservedIp,
  createReservedIp,
  deleteReservedIp,
  getReservedIp,
  unassignReservedIp,
} from '#sandbox/cloud/account/reserved-ips';
import type { ReservedIp } from '#sandbox/cloud/account/resources/reserved-ip';
import { urn } from '#sandbox/cloud/account/urns';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import { number, text } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

export const reservedIp: ResourceType<DigitalOceanClient> = {
  forceNew: ['region'],
  create: ({ client, planned }) =>
    calling('Error creating reserved IP', async () => {
      const made = await createReservedIp(client.session, text(planned, 'region').toLowerCase());
      const dropletId = number(planned, 'droplet_id');
      return attributes(dropletId === 0 ? made : await assignReservedIp(client.session, made.ip, dropletId), planned);
    }),
  read: ({ client, state }) =>
    reading('Error retrieving reserved IP', async () =>
      attributes(await getReservedIp(client.session, text(state, 'id')), state),
    ),
  update: ({ client, prior, planned }) =>
    calling('Error updating reserved IP', async () => {
      const ip = text(planned, 'id');
      const dropletId = number(planned, 'droplet_id');
      if (dropletId !== 0) await assignReservedIp(client.session, ip, dropletId);
      else if (number(prior, 'droplet_id') !== 0) await unassignReservedIp(client.session, ip);
      return attributes(await getReservedIp(client.session, ip), planned);
    }),
  delete: ({ client, state }) =>
    deleting('Error deleting reserved IP', () => deleteReservedIp(client.session, text(state, 'id'))),
  import: ({ id }) => Promise.resolve({ id }),
};

export const reservedIpAssignment: ResourceType<DigitalOceanClient> = {
  forceNew: ['ip_address', 'droplet_id'],
  create: ({ client, planned }) =>
    calling('Error assigning reserved IP to the droplet', async () => {
      const ip = text(planned, 'ip_address');
      const dropletId = number(planned, 'droplet_id');
      await assignReservedIp(client.session, ip, dropletId);
      return { id: assignmentId(dropletId, ip) };
    }),
  // Like the real provider, it takes a reserved IP that is gone for an error, not for a lost assignment.
  read: ({ client, state }) =>
    calling('Error retrieving reserved IP', async () => {
      const { dropletId } = await getReservedIp(client.session, text(state, 'ip_address'));
      return dropletId === number(state, 'droplet_id') ? state : null;
    }),
  delete: ({ client, state }) =>
    calling('Error unassigning reserved IP from the droplet', async () => {
      const { ip, dropletId } = await getReservedIp(client.session, text(state, 'ip_address'));
      if (dropletId === number(state, 'droplet_id')) await unassignReservedIp(client.session, ip);
    }),
  import: ({ id }) => {
    const [ip, droplet] = id.split(',');
    if (droplet === undefined || !/^\d+$/.test(droplet)) {
      throw new ProviderError(
        'must use the reserved IP and the ID of the Droplet joined with a comma (ip_address,droplet_id)',
      );
    }
    const dropletId = Number(droplet);
    return Promise.resolve({ id: assignmentId(dropletId, ip!), ip_address: ip!, droplet_id: dropletId });
  },
};

function attributes({ ip, region, dropletId }: ReservedIp, state: ValueObject): ValueObject {
  // Only a configured droplet is shown: else the separate assignment would look like drift.
  const shown = number(state, 'droplet_id') === 0 ? null : (dropletId ?? null);
  return { id: ip, ip_address: ip, region, urn: urn.reservedIp(ip), droplet_id: shown };
}

function assignmentId(dropletId: number, ip: string): string {
  return `${dropletId}-${ip}-${Date.now()}${randomBytes(4).toString('hex')}`;
}
