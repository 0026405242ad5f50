import { sizeOf } from '#config/digitalocean';
import { deleteDroplet, getDroplet, listDroplets } from '#sandbox/cloud/account/droplets';
import type { Droplet } from '#sandbox/cloud/account/resources/droplet';
import type { AccountState } from '#sandbox/cloud/account/state';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, regionJson, type DigitalOceanRoute } from './answers';
import { sizeBody } from './catalogue';

export const dropletRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/droplets', async (session, request) => {
    const { query } = request;
    const droplets = await listDroplets(session, query.get('tag_name') ?? undefined);
    const named = droplets.filter(({ name }) => !query.has('name') || name === query.get('name'));
    const bodies = named.map((droplet) => dropletBody(session.account.state, droplet));
    return listAnswer(request, 'droplets', bodies);
  }),
  route('GET', '/v2/droplets/{id}', async (session, { params }) => {
    const droplet = await getDroplet(session, Number(params['id']));
    return oneAnswer('droplet', dropletBody(session.account.state, droplet));
  }),
  route('DELETE', '/v2/droplets/{id}', async (session, { params }) => {
    await deleteDroplet(session, Number(params['id']));
    return GONE;
  }),
];

/** A droplet as the API tells it, here and inside of a reserved IP. */
export function dropletBody({ volumes }: AccountState, droplet: Droplet): unknown {
  const size = sizeOf(droplet.size)!;
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size.memoryMiB,
    vcpus: size.vcpus,
    disk: droplet.diskGiB,
    locked: false,
    status: droplet.status,
    kernel: null,
    created_at: droplet.createdAt,
    features: [...(droplet.monitoring ? ['monitoring'] : []), 'droplet_agent', 'private_networking'],
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image: { slug: droplet.image, type: 'base', public: true, status: 'available' },
    volume_ids: volumes.filter(({ dropletId }) => dropletId === droplet.id).map(({ id }) => id),
    size: sizeBody(size),
    size_slug: droplet.size,
    networks: { v4: [network(droplet.privateAddress, 'private'), network(droplet.publicAddress, 'public')], v6: [] },
    region: regionJson(droplet.region),
    tags: droplet.tags,
    vpc_uuid: droplet.vpcId,
  };
}

function network(address: string, type: 'private' | 'public'): unknown {
  const gateway = `${address.split('.').slice(0, 3).join('.')}.1`;
  return { ip_address: address, netmask: '255.255.240.0', gateway, type };
}
