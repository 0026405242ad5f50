/**
 * Volumes: block storage. Messages and codes by which the volume driver tells why it is refused are those that its
 * driver/controller.go (v4.16.0) looks for.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { regionOf } from '#config/digitalocean';
import { between, bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import { ApiError } from '../http/api-error';
import { begin, refuseBusy } from './actions';
import { collection, timestamp, type Account, type Held } from './account';
import { created, one, regionBody, type DigitalOceanRoute } from './answers';
import { droplets } from './droplet';
import { conflict, unprocessable } from './errors';
import { inDefaultProject } from './project';
import { ensureTags, withTags } from './tag';
import { usualRoutes } from './usual-routes';

const size = between(1, 16_384);
const volume = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}[a-z0-9]$/, 'must be lowercase and alphanumeric, starting with a letter, at most 64'),
  region: z.string(),
  size_gigabytes: size,
  description: z.string().default(''),
  filesystem_type: z.enum(['', 'ext4', 'xfs'], 'must be ext4 or xfs').default(''),
  filesystem_label: z.string().default(''),
  tags: listOf(z.string()),
});
const actionRequest = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['attach', 'detach']), droplet_id: z.int() }),
  z.object({ type: z.literal('resize'), size_gigabytes: size }),
]);

interface Volume extends Held, z.infer<typeof volume> {
  readonly id: string;
  readonly urn: string;
  /** One at most. */
  droplet_ids: number[];
  tags: string[];
  readonly created_at: string;
}

/** As many as the driver tells Kubernetes by itself: its flag volume-limit, 7 before v4.18.0. */
const MOST_ON_A_DROPLET = 15;

export const volumes = collection<Volume>('volumes', 'id');

export const volumeRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/volumes', withTags('block_storage:create'), ({ account }, request) => {
    const wanted = bodyOf(request, volume);
    const { name, region } = wanted;
    if (regionOf(region) === undefined) throw unprocessable('region is invalid');
    if (volumes.of(account).some((other) => other.name === name && other.region === region)) {
      throw conflict('a volume with that name already exists in this region');
    }
    if (volumes.of(account).length >= account.quotas.volumes) {
      throw new ApiError(403, 'forbidden', 'failed to create volume: volume/snapshot capacity limit exceeded');
    }
    const tags = ensureTags(account, wanted.tags);
    const id = randomUUID();
    const own = { id, tags, ...inDefaultProject(account, `do:volume:${id}`), droplet_ids: [], created_at: timestamp() };
    return created('volume', body(account, volumes.add(account, { ...wanted, ...own })));
  }),
  ...usualRoutes({
    held: volumes,
    key: 'volume',
    scope: 'block_storage',
    body,
    filters: { name: ({ name }, wanted) => name === wanted, region: ({ region }, wanted) => region === wanted },
    beforeDelete: (_account, { droplet_ids }) => {
      if (droplet_ids.length > 0) throw conflict('failed to delete volume: a volume is attached to a droplet');
    },
  }),
  route('POST /v2/volumes/{id}/actions', 'block_storage_action:create', ({ account }, request) => {
    const found = volumes.find(account, request.params['id']);
    const wanted = bodyOf(request, actionRequest);
    const { urn, region } = found;
    const busy = wanted.type === 'resize' ? [] : [`do:droplet:${wanted.droplet_id}`];
    refuseBusy(account, busy);
    if (wanted.type === 'resize') resize(found, wanted.size_gigabytes);
    else if (wanted.type === 'attach') attach(account, found, wanted.droplet_id);
    else detach(found, wanted.droplet_id);
    return one('action', begin(account, `${wanted.type}_volume`, { urn, busy, region }), 202);
  }),
];

function resize(volume: Volume, gigabytes: number): void {
  if (gigabytes < volume.size_gigabytes) throw unprocessable('volumes can only be made larger');
  volume.size_gigabytes = gigabytes;
}

function attach(account: Account, volume: Volume, id: number): void {
  const droplet = droplets.find(account, id);
  if (volume.droplet_ids.length > 0) throw unprocessable('This volume is already attached');
  if (droplet.region !== volume.region) throw unprocessable('volume and droplet must be in the same region');
  const there = volumes.of(account).filter(({ droplet_ids }) => droplet_ids.includes(id));
  if (there.length >= MOST_ON_A_DROPLET) throw unprocessable('cannot attach more volumes to the Droplet');
  volume.droplet_ids = [id];
}

function detach(volume: Volume, id: number): void {
  if (!volume.droplet_ids.includes(id)) throw unprocessable('Attachment not found');
  volume.droplet_ids = [];
}

function body(_account: Account, held: Volume): unknown {
  return { ...held, region: regionBody(held.region), urn: undefined, project_id: undefined };
}
