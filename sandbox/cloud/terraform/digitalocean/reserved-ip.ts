import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { number, text } from '../attributes';
import { apiResource } from './api-resource';
import { failingAs, finished, type Action } from './client';

const PATH = '/v2/reserved_ips';
let count = 0;

interface ReservedIp {
  readonly ip: string;
  readonly region: { readonly slug: string };
  readonly droplet: { readonly id: number } | null;
}

/** Its assignment is a resource of its own. */
export const reservedIp = apiResource<ReservedIp>({
  path: PATH,
  root: 'reserved_ip',
  key: 'ip',
  noun: 'reserved IP',
  arguments: ['region'],
  forceNew: ['region'],
  request: ({ region }) => ({ region }),
  attributes: ({ ip, region }) => ({ ip_address: ip, region: region.slug, urn: `do:reservedip:${ip}` }),
});

export const reservedIpAssignment: ResourceType<RestClient> = {
  forceNew: ['ip_address', 'droplet_id'],
  create: async ({ client, planned, signal }) => {
    const [ip, dropletId] = [text(planned, 'ip_address'), number(planned, 'droplet_id')];
    const words = `Error Assigning reserved IP (${ip}) to the droplet`;
    await act(client, ip, { type: 'assign', droplet_id: dropletId }, words, signal);
    return { id: assignmentId(dropletId, ip) };
  },
  // A reserved IP that is gone is an error, not a lost assignment.
  read: async ({ client, state }) => {
    const { droplet } = await addressOf(client, state);
    return droplet?.id === number(state, 'droplet_id') ? state : null;
  },
  delete: async ({ client, state, signal }) => {
    const { ip, droplet } = await addressOf(client, state);
    if (droplet?.id !== number(state, 'droplet_id')) return;
    await act(client, ip, { type: 'unassign' }, `Error unassigning reserved IP (${ip}) from the droplet`, signal);
  },
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

async function addressOf(client: RestClient, state: ValueObject): Promise<ReservedIp> {
  const asked = client.get<{ reserved_ip: ReservedIp }>(`${PATH}/${text(state, 'ip_address')}`);
  return (await failingAs('Error retrieving reserved IP', asked)).reserved_ip;
}

async function act(client: RestClient, ip: string, body: object, words: string, signal: AbortSignal): Promise<void> {
  const path = `${PATH}/${ip}/actions`;
  const { action } = await failingAs(words, client.post<{ action: Action }>(path, body));
  await failingAs(`Error waiting for reserved IP (${ip})`, finished(client, path, action, signal));
}

/** Ends in the time, to a tenth of a millisecond, and a count. Source: terraform-plugin-sdk, helper/id. */
function assignmentId(dropletId: number, ip: string): string {
  const time = new Date().toISOString().replaceAll(/\D/g, '');
  count += 1;
  return `${dropletId}-${ip}-${time}0${count.toString(16).padStart(8, '0')}`;
}
