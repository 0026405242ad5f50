import { createHash } from 'node:crypto';
import { ProviderError, type Change, type Existing, type Value, type ValueObject } from '../engine/resource';
import { ifThere, type RestClient } from '../rest-client';
import { flag, text, texts } from '../attributes';
import { apiResource, fieldsOf } from './api-resource';
import { failingAs, finished, untilIt, type Action } from './client';
import { deleteBudget, timeOutsOf } from './time-outs';

const PATH = '/v2/droplets';
const ARGUMENTS = ['name', 'region', 'size', 'image', 'ssh_keys', 'monitoring', 'tags', 'vpc_uuid'];
/** Reported by the API among the features. */
const FEATURES = ['backups', 'ipv6', 'private_networking', 'monitoring'];
/** Of a whole delete, and before the first look in each of its waits. Source: resource_droplet.go. */
const DELETE_SECONDS = 60;
const FIRST_LOOK_SECONDS = 10;

interface Droplet extends ValueObject {
  readonly id: number;
  readonly status: string;
  readonly locked: boolean;
  readonly region: { readonly slug: string };
  readonly size: { readonly slug: string; readonly price_hourly: number; readonly price_monthly: number };
  readonly image: { readonly slug: string };
  readonly networks: { readonly v4: readonly { readonly type: string; readonly ip_address: string }[] };
  readonly features: readonly string[];
}

type Answer = Readonly<Record<'droplet', Droplet>>;

export const droplet = apiResource<Droplet>({
  path: PATH,
  root: 'droplet',
  noun: 'droplet',
  words: { ready: 'ready: Error retrieving droplet' },
  arguments: [...ARGUMENTS, 'user_data', 'droplet_agent', 'graceful_shutdown', 'resize_disk', 'timeouts'],
  forceNew: ['image', 'region', 'ssh_keys', 'user_data', 'monitoring', 'droplet_agent', 'vpc_uuid'],
  defaults: { backups: false, graceful_shutdown: false, ipv6: false, monitoring: false, resize_disk: true },
  stored: { user_data: sha1 },
  request: (planned, config) => ({
    ...fieldsOf(planned, ARGUMENTS),
    ...fieldsOf(config, ['user_data']),
    with_droplet_agent: planned['droplet_agent'] ?? undefined,
  }),
  attributes,
  ready: (client, id, signal) => untilStatus(client, id, 'active', signal),
  update: (change) => update(change),
  delete: (existing) => remove(existing),
  privateState: timeOutsOf,
  import: async ({ client, id }) => {
    const { droplet } = await failingAs('Error importing droplet', client.get<Answer>(`${PATH}/${id}`));
    return { id, image: droplet.image.slug, resize_disk: true };
  },
});

async function update(change: Change<RestClient>): Promise<ValueObject> {
  const { client, prior, planned } = change;
  const id = text(planned, 'id');
  if (planned['size'] !== prior['size']) await resize(change);
  if (planned['name'] !== prior['name']) {
    const rename = client.post(`${PATH}/${id}/actions`, { type: 'rename', name: planned['name'] });
    await failingAs(`Error renaming droplet (${id})`, rename);
  }
  await failingAs('Error updating tags', changeTags(change));
  return attributes(await failingAs('Error retrieving droplet', lookAt(client, id)()));
}

async function resize({ client, planned, signal }: Change<RestClient>): Promise<void> {
  const id = text(planned, 'id');
  const path = `${PATH}/${id}/actions`;
  const act = async (words: string, body: object) =>
    (await failingAs(`${words} (${id})`, client.post<{ action: Action }>(path, body))).action;
  await act('Error powering off droplet', { type: 'power_off' });
  await untilStatus(client, id, 'off', signal);
  const body = { type: 'resize', size: planned['size'], disk: planned['resize_disk'] };
  const action = await act('Error resizing droplet', body);
  await failingAs(
    `Error waiting for resize droplet (${id}) to finish`,
    finished(client, '/v2/actions', action, signal),
  );
  await act('Error powering on droplet', { type: 'power_on' });
  await untilStatus(client, id, 'active', signal);
}

async function changeTags({ client, prior, planned }: Change<RestClient>): Promise<void> {
  const body = { resources: [{ resource_id: text(planned, 'id'), resource_type: 'droplet' }] };
  const [before, after] = [texts(prior, 'tags'), texts(planned, 'tags')];
  for (const tag of before) if (!after.includes(tag)) await client.delete(`/v2/tags/${tag}/resources`, body);
  for (const tag of after) {
    if (before.includes(tag)) continue;
    await client.post('/v2/tags', { name: tag });
    await client.post(`/v2/tags/${tag}/resources`, body);
  }
}

/** Waits until the droplet is not locked, is off, is gone. What was done stays done when the time is over. */
async function remove(existing: Existing<RestClient>): Promise<void> {
  const { client, state, signal } = existing;
  const id = text(state, 'id');
  const spend = deleteBudget(existing, DELETE_SECONDS);
  const wait = (seconds: number, what: string) => {
    if (!spend(Math.max(FIRST_LOOK_SECONDS, seconds))) throw new ProviderError(`${what}: context deadline exceeded`);
  };
  const words = `Error waiting for droplet to be unlocked for destroy (${id})`;
  wait(0, words);
  await failingAs(
    `${words}: Error retrieving droplet`,
    untilIt(lookAt(client, id), ({ locked }) => !locked, signal),
  );
  if (flag(state, 'graceful_shutdown')) {
    const asked = client.post<{ action: Action }>(`${PATH}/${id}/actions`, { type: 'shutdown' });
    const { action } = await failingAs(`Error shutting down the the droplet (${id})`, asked);
    const over = await finished(client, '/v2/actions', action, signal);
    wait(secondsOf(over), `Error waiting for droplet (${id}) to become off`);
  }
  await failingAs('Error deleting droplet', ifThere(client.delete(`${PATH}/${id}`)));
  wait(0, 'Error deleting droplet');
}

/** The emulated API does not take the time that it says an action took. */
function secondsOf({ started_at, completed_at }: Action): number {
  return (Date.parse(completed_at) - Date.parse(started_at)) / 1000;
}

function untilStatus(client: RestClient, id: string, status: string, signal: AbortSignal): Promise<Droplet> {
  return untilIt(lookAt(client, id), (found) => found.status === status && !found.locked, signal);
}

function lookAt(client: RestClient, id: string): () => Promise<Droplet> {
  return async () => (await client.get<Answer>(`${PATH}/${id}`)).droplet;
}

function attributes({ region, size, networks, features, ...same }: Droplet): ValueObject {
  const address = (type: string) => networks.v4.find((one) => one.type === type)?.ip_address ?? '';
  return {
    ...same,
    ...Object.fromEntries(FEATURES.map((name) => [name, features.includes(name)])),
    id: `${same.id}`,
    urn: `do:droplet:${same.id}`,
    image: null,
    region: region.slug,
    size: size.slug,
    price_hourly: size.price_hourly,
    price_monthly: size.price_monthly,
    ipv4_address: address('public'),
    ipv4_address_private: address('private'),
    ipv6_address: '',
  };
}

function sha1(value: Value): string {
  return createHash('sha1')
    .update(value as string)
    .digest('hex');
}
