/** Tags, and what carries them. */
import { z } from 'zod';
import { bodyOf } from '../http/request-body';
import { route, type RestRequest } from '../http/routes';
import { collection, everything, type Account, type Held } from './account';
import { created, GONE, type DigitalOceanRoute } from './answers';
import { unprocessable } from './errors';
import { usualRoutes } from './usual-routes';

const tag = z.object({ name: z.string() });
type Tag = z.infer<typeof tag> & Held;
const carriers = z.object({
  resources: z.array(z.object({ resource_id: z.coerce.string(), resource_type: z.enum(['droplet', 'volume']) })),
});

const NAME = /^[A-Za-z0-9:_-]{1,255}$/;

const tags = collection<Tag>('tags', 'name');

export const tagRoutes: readonly DigitalOceanRoute[] = [
  // One that exists is answered as it is, in its own capitals, as the real API does.
  route('POST /v2/tags', 'tag:create', ({ account }, request) => {
    const { name } = bodyOf(request, tag);
    const [canonical] = ensureTags(account, [name]);
    return created('tag', body(account, tags.find(account, canonical)));
  }),
  ...usualRoutes({
    held: tags,
    key: 'tag',
    body,
    beforeDelete: (account, gone) => {
      for (const thing of everything(account)) thing.tags = thing.tags?.filter((name) => name !== gone.name);
    },
  }),
  route('POST /v2/tags/{name}/resources', scopesToCarry, ({ account }, request) => {
    const { name } = tags.find(account, request.params['name']);
    for (const thing of carriersOf(account, request)) thing.tags = [...new Set([...(thing.tags ?? []), name])];
    return GONE;
  }),
  route('DELETE /v2/tags/{name}/resources', scopesToCarry, ({ account }, request) => {
    const { name } = tags.find(account, request.params['name']);
    for (const thing of carriersOf(account, request)) thing.tags = thing.tags?.filter((held) => held !== name);
    return GONE;
  }),
];

/**
 * What a request needs besides its own scope when it has tags, be they new or not. The API reference says so at `tags` of
 * droplets, volumes and snapshots; a firewall or a load balancer only names a tag, and must be able to read it.
 */
export function withTags(scope: string): (request: RestRequest) => string[] {
  return ({ body }) => {
    const { tags } = (body ?? {}) as { tags?: readonly unknown[] | null };
    return tags && tags.length > 0 ? [scope, 'tag:create'] : [scope];
  };
}

/**
 * Tags that a droplet or a volume names come into being by that. The capitals that a tag was first made with are canonical
 * (the API reference at `Tags`): things show it with them, and paths must use them.
 *
 * @returns each once, as the account has it
 */
export function ensureTags(account: Account, names: readonly string[]): string[] {
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) {
    throw unprocessable(`tag ${bad} is invalid: letters, numbers, colons, dashes and underscores only, at most 255`);
  }
  return Array.from(new Set(names.map((name) => (known(account, name) ?? tags.add(account, { name })).name)));
}

/**
 * Tags that a firewall or a load balancer names must exist before.
 *
 * @returns each once, as the account has it
 */
export function existingTags(account: Account, names: readonly string[]): string[] {
  const missing = names.find((name) => known(account, name) === undefined);
  if (missing !== undefined) throw unprocessable(`tag ${missing} does not exist`);
  return ensureTags(account, names);
}

function known(account: Account, name: string): Tag | undefined {
  return tags.of(account).find((tag) => tag.name.toLowerCase() === name.toLowerCase());
}

/** Volumes have no scope `update`. */
function scopesToCarry({ body, method }: RestRequest): string[] {
  const { resources } = bodyOf({ body }, carriers);
  const droplets = resources.some(({ resource_type }) => resource_type === 'droplet') ? ['droplet:update'] : [];
  return [method === 'DELETE' ? 'tag:delete' : 'tag:create', ...droplets];
}

function carriersOf(account: Account, { body }: RestRequest): Held[] {
  return bodyOf({ body }, carriers).resources.map(({ resource_id, resource_type }) => {
    const found = everything(account).find(({ urn }) => urn === `do:${resource_type}:${resource_id}`);
    if (found === undefined) throw unprocessable(`${resource_type} ${resource_id} does not exist`);
    return found;
  });
}

function body(account: Account, { name }: Tag): unknown {
  const count = (kind: string) => {
    const carrying = everything(account).filter(({ urn, tags }) => urn?.startsWith(kind) && tags?.includes(name));
    return { count: carrying.length };
  };
  const [droplets, volumes, none] = [count('do:droplet:'), count('do:volume:'), { count: 0 }];
  const resources = { droplets, volumes, images: none, volume_snapshots: none, databases: none };
  return { name, resources: { count: droplets.count + volumes.count, ...resources } };
}
