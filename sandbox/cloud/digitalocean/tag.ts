/** Tags, and what carries them. */
import { z } from 'zod';
import { bodyOf } from '../http/request-body';
import { route, type RestRequest } from '../http/routes';
import { collection, everything, type Account } from './account';
import { created, GONE, listed, one, type DigitalOceanRoute } from './answers';
import { unprocessable } from './errors';

const tag = z.object({ name: z.string() });
type Tag = z.infer<typeof tag>;
const carriers = z.object({
  resources: z.array(z.object({ resource_id: z.coerce.string(), resource_type: z.enum(['droplet', 'volume']) })),
});

const NAME = /^[A-Za-z0-9:_-]{1,255}$/;

export const tags = collection<Tag>('tags', 'name');

export const tagRoutes: readonly DigitalOceanRoute[] = [
  // One that exists is answered as it is, as the real API does.
  route('POST /v2/tags', 'tag:create', ({ account }, request) => {
    const { name } = bodyOf(request, tag);
    ensureTags(account, [name]);
    return created('tag', body(account, tags.find(account, name)));
  }),
  route('GET /v2/tags', 'tag:read', ({ account }, request) =>
    listed(
      request,
      'tags',
      tags.of(account).map((held) => body(account, held)),
    ),
  ),
  route('GET /v2/tags/{name}', 'tag:read', ({ account }, { params }) =>
    one('tag', body(account, tags.find(account, params['name']!))),
  ),
  // Takes the tag from everything that carries it.
  route('DELETE /v2/tags/{name}', 'tag:delete', ({ account }, { params }) => {
    const gone = tags.find(account, params['name']!);
    tags.remove(account, gone);
    for (const thing of everything(account)) thing.tags = thing.tags?.filter((name) => name !== gone.name);
    return GONE;
  }),
  route('POST /v2/tags/{name}/resources', scopesToCarry, ({ account }, request) => {
    const { name } = tags.find(account, request.params['name']!);
    for (const thing of carriersOf(account, request)) thing.tags = [...new Set([...(thing.tags ?? []), name])];
    return GONE;
  }),
  route('DELETE /v2/tags/{name}/resources', scopesToCarry, ({ account }, request) => {
    const { name } = tags.find(account, request.params['name']!);
    for (const thing of carriersOf(account, request)) thing.tags = thing.tags?.filter((held) => held !== name);
    return GONE;
  }),
];

/**
 * What a request with these tags needs besides its own scope, be they new or not. The API reference says so at `tags` of
 * droplets, volumes and snapshots; a firewall or a load balancer only names a tag, and must be able to read it.
 */
export function scopesToTag(names: readonly string[] | undefined): string[] {
  return names === undefined || names.length === 0 ? [] : ['tag:create'];
}

/** Tags that a droplet or a volume names come into being by that. */
export function ensureTags(account: Account, names: readonly string[]): void {
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) {
    throw unprocessable(`tag ${bad} is invalid: letters, numbers, colons, dashes and underscores only, at most 255`);
  }
  const held = tags.of(account);
  for (const name of new Set(names)) if (!held.some((known) => known.name === name)) held.push({ name });
}

/** Tags that a firewall or a load balancer names must exist before. */
export function requireExistingTags(account: Account, names: readonly string[]): void {
  const missing = names.find((name) => !tags.of(account).some((known) => known.name === name));
  if (missing !== undefined) throw unprocessable(`tag ${missing} does not exist`);
}

function scopesToCarry(request: RestRequest): string[] {
  const kinds = new Set(bodyOf(request, carriers).resources.map(({ resource_type }) => `${resource_type}:update`));
  return ['tag:create', ...kinds];
}

function carriersOf({ state }: Account, request: RestRequest): { tags?: string[] }[] {
  return bodyOf(request, carriers).resources.map(({ resource_id, resource_type }) => {
    const all = (state.held[`${resource_type}s`] ?? []) as { id: string | number; tags?: string[] }[];
    const found = all.find(({ id }) => `${id}` === resource_id);
    if (found === undefined) throw unprocessable(`${resource_type} ${resource_id} does not exist`);
    return found;
  });
}

function body({ state }: Account, { name }: Tag): unknown {
  const count = (kind: string) => {
    const all = (state.held[kind] ?? []) as { tags?: string[] }[];
    return { count: all.filter((thing) => thing.tags?.includes(name)).length, last_tagged_uri: '' };
  };
  const droplets = count('droplets');
  const volumes = count('volumes');
  const none = { count: 0 };
  const resources = { droplets, volumes, images: none, volume_snapshots: none, databases: none };
  return { name, resources: { count: droplets.count + volumes.count, ...resources } };
}
