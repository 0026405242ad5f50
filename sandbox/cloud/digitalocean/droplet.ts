/** Droplets: virtual machines. */
import { z } from 'zod';
import { isOfferedIn, REGIONS, regionOf, sizeOf, type DropletSize } from '#config/digitalocean';
import { bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import { begin, refuseBusy, settle } from './actions';
import { collection, everything, nextId, timestamp, type Account } from './account';
import { allocatePrivateAddress, allocatePublicAddress } from './addresses';
import { one, regionBody, type DigitalOceanRoute } from './answers';
import { unprocessable } from './errors';
import { bootMachine, destroyMachine, powerOffMachine, shutDownMachine, type Machine, type Network } from './machines';
import { inDefaultProject } from './project';
import { requireSshKeys } from './ssh-key';
import { ensureTags, withTags } from './tag';
import { usualRoutes } from './usual-routes';
import { placeInVpc } from './vpc';

const hostName = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/,
    'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)',
  );
const MAX_USER_DATA = 64 * 1024;
const notEmulated = z.literal(false, 'is not part of the emulated cloud').default(false);
const createRequest = z.object({
  name: hostName,
  region: z.string(),
  size: z.string(),
  image: z.union([z.string(), z.int()]),
  vpc_uuid: z.string().optional(),
  tags: listOf(z.string()),
  user_data: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= MAX_USER_DATA, 'is too long (maximum is 64 KiB)')
    .default(''),
  /** Ids or fingerprints. */
  ssh_keys: listOf(z.union([z.string(), z.int()])),
  monitoring: z.boolean().default(false),
  backups: notEmulated,
  ipv6: notEmulated,
});
const actionRequest = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['shutdown', 'power_off', 'power_on']) }),
  z.object({ type: z.literal('resize'), size: z.string(), disk: z.boolean().default(false) }),
  z.object({ type: z.literal('rename'), name: hostName }),
]);

/** As the API tells it, but for what follows from region, size and volumes. */
export interface Droplet extends Machine {
  readonly urn: string;
  readonly image: { readonly slug: string; readonly type: string; readonly public: boolean; readonly status: string };
  readonly features: readonly string[];
  readonly vpc_uuid: string;
  readonly created_at: string;
}

/** Distributions offered at the end of 2026; the API lists them at GET /v2/images?type=distribution. */
const IMAGES: ReadonlySet<string | number> = new Set([
  'almalinux-9-x64',
  'centos-stream-9-x64',
  'debian-12-x64',
  'debian-13-x64',
  'fedora-42-x64',
  'rockylinux-9-x64',
  'ubuntu-22-04-x64',
  'ubuntu-24-04-x64',
]);

export const droplets = collection<Droplet>('droplets', 'id');

export const dropletRoutes: readonly DigitalOceanRoute[] = [
  // Answers before the machine is on: with the status `new`.
  route('POST /v2/droplets', withTags('droplet:create'), ({ account }, request) => {
    const droplet = addDroplet(account, bodyOf(request, createRequest));
    // Saved before the machine starts, so that a crash leaves no machine that nobody knows.
    account.save();
    const answer = one('droplet', body(account, droplet), 202);
    void bootMachine(account, droplet);
    return answer;
  }),
  ...usualRoutes({
    held: droplets,
    key: 'droplet',
    body: (account, droplet) => {
      settle(account, droplet.urn);
      return body(account, droplet);
    },
    filters: { tag_name: ({ tags }, tag) => tags.includes(tag), name: ({ name }, wanted) => name === wanted },
    beforeDelete: letGo,
  }),
  route('POST /v2/droplets/{id}/actions', 'droplet:update', async ({ account }, request) => {
    const droplet = droplets.find(account, request.params['id']);
    const wanted = bodyOf(request, actionRequest);
    refuseBusy(account, [droplet.urn]);
    const seconds = await act(account, droplet, wanted);
    const { urn, region } = droplet;
    return one('action', begin(account, wanted.type, { urn, region, seconds }), 201);
  }),
];

/** A droplet as the API tells it, here and inside of a reserved IP. */
export function body(account: Account, droplet: Droplet): unknown {
  const size = sizeOf(droplet.size_slug)!;
  return {
    ...droplet,
    memory: size.memoryMiB,
    vcpus: size.vcpus,
    locked: false,
    kernel: null,
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    volume_ids: volumesOf(account, droplet.id),
    size: sizeBody(size),
    region: regionBody(droplet.region),
    urn: undefined,
    project_id: undefined,
    user_data: undefined,
  };
}

/** Ends the machine, then lets go of all that hung on it: reserved IP, volumes, firewalls, balancers. */
async function letGo(account: Account, droplet: Droplet): Promise<void> {
  await destroyMachine(account, droplet);
  for (const thing of everything(account)) {
    if (thing.droplet_id === droplet.id) thing.droplet_id = null;
    thing.droplet_ids = thing.droplet_ids?.filter((id) => id !== droplet.id);
  }
}

/** @returns emulated seconds until it is done */
async function act(account: Account, droplet: Droplet, wanted: z.infer<typeof actionRequest>): Promise<number> {
  const isOff = droplet.status === 'off';
  switch (wanted.type) {
    // That nothing happens to one that is off, and what is said about `power_off`: the provider's resource_droplet.go.
    case 'shutdown':
      if (!isOff) await shutDownMachine(account, droplet);
      return isOff ? 0 : account.shutdownSeconds;
    case 'power_off':
      if (isOff) throw unprocessable('Droplet is already powered off.');
      // "A power_off event is a hard shutdown": DigitalOcean's API reference.
      await powerOffMachine(account, droplet);
      return 0;
    case 'power_on':
      if (isOff) await bootMachine(account, droplet);
      return 0;
    case 'resize':
      resize(droplet, findSize(wanted.size, droplet.region), wanted.disk);
      return 0;
    case 'rename':
      droplet.name = wanted.name;
      return 0;
  }
}

/** For the next power on. Only a grown disk is for ever: without it a size can be taken back. */
function resize(droplet: Droplet, size: DropletSize, disk: boolean): void {
  // "It must first be powered off": help of `doctl compute droplet-action resize`.
  if (droplet.status !== 'off') throw unprocessable('The Droplet must be powered off to be resized.');
  if (size.diskGiB < droplet.disk) throw unprocessable('This size is not available because it has a smaller disk.');
  Object.assign(droplet, { size_slug: size.slug, disk: disk ? size.diskGiB : droplet.disk });
}

function addDroplet(account: Account, wanted: z.infer<typeof createRequest>): Droplet {
  const { name, region, image, user_data, monitoring } = wanted;
  if (regionOf(region) === undefined) throw unprocessable('You specified an invalid region for Droplet creation.');
  if (!IMAGES.has(image)) throw unprocessable('You specified an invalid image for Droplet creation.');
  const size = findSize(wanted.size, region);
  requireSshKeys(account, wanted.ssh_keys);
  if (droplets.of(account).length >= account.quotas.droplets) {
    throw unprocessable('creating this/these droplet(s) will exceed your droplet limit');
  }
  const vpc = placeInVpc(account, region, wanted.vpc_uuid);
  const tags = ensureTags(account, wanted.tags);
  const id = nextId(account, 'droplets');
  return droplets.add(account, {
    id,
    ...inDefaultProject(account, `do:droplet:${id}`),
    name,
    status: 'new',
    region,
    size_slug: size.slug,
    disk: size.diskGiB,
    image: { slug: `${image}`, type: 'base', public: true, status: 'available' },
    features: [...(monitoring ? ['monitoring'] : []), 'droplet_agent', 'private_networking'],
    networks: {
      v4: [network(allocatePrivateAddress(account, vpc), 'private'), network(allocatePublicAddress(account), 'public')],
      v6: [],
    },
    tags,
    vpc_uuid: vpc.id,
    created_at: timestamp(),
    user_data,
  });
}

function findSize(slug: string, region: string): DropletSize {
  const size = sizeOf(slug);
  if (size === undefined) throw unprocessable('You specified an invalid size for Droplet creation.');
  if (!isOfferedIn(slug, region)) throw unprocessable('Size is not available in this region.');
  return size;
}

function volumesOf(account: Account, id: number): string[] {
  return everything(account)
    .filter(({ urn = '', droplet_ids }) => urn.startsWith('do:volume:') && droplet_ids?.includes(id))
    .map(({ urn }) => urn!.slice('do:volume:'.length));
}

function network(ip_address: string, type: Network['type']): Network {
  const gateway = `${ip_address.split('.').slice(0, 3).join('.')}.1`;
  return { ip_address, netmask: '255.255.240.0', gateway, type };
}

function sizeBody({ slug, memoryMiB, vcpus, diskGiB, priceMonthly, priceHourly }: DropletSize): unknown {
  const regions = REGIONS.filter((region) => isOfferedIn(slug, region.slug)).map((region) => region.slug);
  const prices = { price_monthly: priceMonthly, price_hourly: priceHourly };
  return {
    slug,
    memory: memoryMiB,
    vcpus,
    disk: diskGiB,
    transfer: memoryMiB / 1024,
    ...prices,
    regions,
    available: true,
  };
}

/** Firewalls and load balancers name droplets that there are. */
export function requireDroplets(account: Account, ids: readonly number[]): void {
  const missing = ids.find((id) => !droplets.of(account).some((droplet) => droplet.id === id));
  if (missing !== undefined) throw unprocessable(`droplet ${missing} does not exist`);
}
