import { createHash } from 'node:crypto';
import { priceHourly, sizeOf } from '#config/digitalocean';
import {
  createDroplet,
  deleteDroplet,
  getDroplet,
  renameDroplet,
  resizeDroplet,
  shutDownDroplet,
  tagDroplet,
  untilActive,
} from '#sandbox/cloud/account/droplets';
import type { Droplet } from '#sandbox/cloud/account/resources/droplet';
import { urn } from '#sandbox/cloud/account/urns';
import { attachVolume } from '#sandbox/cloud/account/volumes';
import {
  ProviderError,
  type Change,
  type Existing,
  type PlanChange,
  type ResourceType,
  type ValueObject,
} from '../engine/resource';
import { UNKNOWN } from '../protocol/values';
import { flag, number, optional, optionalText, text, texts } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';
import { deleteBudget, timeOutNotes } from './time-outs';

/** Follow from the size. */
const OF_THE_SIZE = ['disk', 'memory', 'vcpus', 'price_hourly', 'price_monthly'];
const NOT_EMULATED = ['backups', 'ipv6'];
/** Of a whole delete, and before the first look in each of its waits. Source: the provider's resource_droplet.go. */
const DELETE_SECONDS = 60;
const FIRST_LOOK_SECONDS = 10;

export const droplet: ResourceType<DigitalOceanClient> = {
  schemaVersion: 1,
  forceNew: ['image', 'region', 'ssh_keys', 'user_data', 'monitoring', 'droplet_agent', 'vpc_uuid'],
  defaults: { backups: false, graceful_shutdown: false, ipv6: false, monitoring: false, resize_disk: true },
  stored: {
    user_data: (value) => (typeof value === 'string' ? sha1(value) : value),
    region: lowerCase,
    size: lowerCase,
  },
  validate: (config) => {
    const asked = NOT_EMULATED.find((name) => flag(config, name));
    if (asked !== undefined) throw new ProviderError(`The emulated cloud has no ${asked}`, '', [asked]);
  },
  customizePlan,
  create: ({ client, config, planned }) =>
    calling('Error creating droplet', async () => {
      const { id } = await createDroplet(client.session, {
        name: text(planned, 'name'),
        region: text(planned, 'region'),
        size: text(planned, 'size'),
        image: text(planned, 'image'),
        vpcId: optionalText(planned, 'vpc_uuid'),
        tags: texts(planned, 'tags'),
        userData: text(config, 'user_data'),
        sshKeys: texts(planned, 'ssh_keys'),
        monitoring: flag(planned, 'monitoring'),
      });
      for (const volume of texts(planned, 'volume_ids')) await attachVolume(client.session, volume, id);
      return attributes(client, await activeOrGone(client, id), planned);
    }),
  read: ({ client, state }) =>
    reading('Error retrieving droplet', async () =>
      attributes(client, await getDroplet(client.session, number10(state)), state),
    ),
  update: (change) => calling('Error updating droplet', () => update(change)),
  delete: (existing) => deleting('Error deleting droplet', () => remove(existing)),
  notes: timeOutNotes,
  import: ({ client, id }) =>
    calling('Error importing droplet', async () => {
      const { image } = await getDroplet(client.session, Number(id));
      return { id, image, resize_disk: true };
    }),
};

/**
 * A droplet whose machine does not start is deleted again. The real provider keeps it in the state, to be replaced by
 * the next apply: both end with one droplet that works.
 */
async function activeOrGone({ session }: DigitalOceanClient, id: number): Promise<Droplet> {
  try {
    return await untilActive(session, id);
  } catch (error) {
    await deleteDroplet(session, id);
    throw error;
  }
}

function customizePlan({ prior, planned }: PlanChange): void {
  if (prior === null || planned['size'] === prior['size']) return;
  for (const name of OF_THE_SIZE) planned[name] = UNKNOWN;
}

async function update({ client, prior, planned }: Change<DigitalOceanClient>): Promise<ValueObject> {
  const { session } = client;
  const id = number10(planned);
  if (planned['size'] !== prior['size']) {
    await resizeDroplet(session, id, text(planned, 'size'), flag(planned, 'resize_disk'));
  }
  if (planned['name'] !== prior['name']) await renameDroplet(session, id, text(planned, 'name'));
  if (!sameSet(texts(planned, 'tags'), texts(prior, 'tags'))) await tagDroplet(session, id, texts(planned, 'tags'));
  await moveVolumes(client, id, texts(prior, 'volume_ids'), texts(planned, 'volume_ids'));
  return attributes(client, await getDroplet(session, id), planned);
}

/** Waits until the droplet is not locked, is off, is gone. What was done stays done when the time is over. */
async function remove({ client, state, notes }: Existing<DigitalOceanClient>): Promise<void> {
  const id = number10(state);
  const spend = deleteBudget(notes, DELETE_SECONDS);
  const wait = (seconds: number, what: string) => {
    if (!spend(Math.max(FIRST_LOOK_SECONDS, seconds))) throw new ProviderError(`${what}: context deadline exceeded`);
  };
  wait(0, `Error waiting for droplet to be unlocked for destroy (${id})`);
  if (flag(state, 'graceful_shutdown')) {
    wait(await shutDownDroplet(client.session, id), `Error waiting for droplet (${id}) to become off`);
  }
  await deleteDroplet(client.session, id);
  wait(0, 'Error deleting droplet');
}

async function moveVolumes(
  { session }: DigitalOceanClient,
  id: number,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const volume of after) if (!before.includes(volume)) await attachVolume(session, volume, id);
  for (const volume of before) if (!after.includes(volume)) await attachVolume(session, volume, undefined);
}

function attributes({ session }: DigitalOceanClient, made: Droplet, state: ValueObject): ValueObject {
  const size = sizeOf(made.size)!;
  const volumes = session.account.state.volumes.filter(({ dropletId }) => dropletId === made.id);
  return {
    id: `${made.id}`,
    name: made.name,
    region: made.region,
    size: made.size,
    vpc_uuid: made.vpcId,
    tags: optional(state, 'tags', made.tags),
    monitoring: made.monitoring,
    status: made.status,
    locked: false,
    disk: made.diskGiB,
    memory: size.memoryMiB,
    vcpus: size.vcpus,
    price_monthly: size.priceMonthly,
    price_hourly: priceHourly(size.priceMonthly),
    ipv4_address: made.publicAddress,
    ipv4_address_private: made.privateAddress,
    ipv6: false,
    ipv6_address: '',
    backups: false,
    private_networking: true,
    volume_ids: volumes.map(({ id }) => id),
    urn: urn.droplet(made.id),
    created_at: made.createdAt,
  };
}

function sha1(value: string): string {
  return createHash('sha1').update(value).digest('hex');
}

function lowerCase<T>(value: T): T | string {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** Ids are strings in the state and numbers in the API. */
function number10(state: ValueObject): number {
  return Number(text(state, 'id')) || number(state, 'id');
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
