import { notFound, unprocessable } from './errors';
import { refreshForwarders } from './forwarders';
import { request, type Session } from './session';
import type { AccountState } from './state';

/** A tag and what carries it. */
export interface Tag {
  readonly name: string;
  readonly droplets: number;
  readonly volumes: number;
}

const NAME = /^[A-Za-z0-9:_-]{1,255}$/;

/**
 * What a request with these tags needs besides its own scope, be they new or not. The API reference says so at `tags` of
 * droplets, volumes and snapshots; a firewall or a load balancer only names a tag, and must be able to read it.
 */
export function scopesToTag(tags: readonly string[]): string[] {
  return tags.length === 0 ? [] : ['tag:create'];
}

/** Makes a tag; one that exists is answered as it is, as the real API does. */
export function createTag(session: Session, name: string): Promise<Tag> {
  const { state } = session.account;
  return request(session, 'tag:create', 'POST', '/v2/tags', () => {
    ensureTags(state, [name]);
    return describe(state, name);
  });
}

export function listTags(session: Session): Promise<Tag[]> {
  const { state } = session.account;
  return request(session, 'tag:read', 'GET', '/v2/tags', () => state.tags.map((name) => describe(state, name)));
}

export function getTag(session: Session, name: string): Promise<Tag> {
  const { state } = session.account;
  return request(session, 'tag:read', 'GET', `/v2/tags/${name}`, () => {
    requireTags(state, [name]);
    return describe(state, name);
  });
}

/** Takes the tag from everything that carries it. */
export async function deleteTag(session: Session, name: string): Promise<void> {
  const { state } = session.account;
  await request(session, 'tag:delete', 'DELETE', `/v2/tags/${name}`, () => {
    requireTags(state, [name]);
    const without = (tags: string[]) => tags.filter((tag) => tag !== name);
    state.tags = without(state.tags);
    for (const tagged of [...state.droplets, ...state.volumes, ...state.firewalls]) tagged.tags = without(tagged.tags);
  });
  await refreshForwarders(session.account);
}

/** Tags that a droplet or a volume names come into being by that. */
export function ensureTags(state: AccountState, names: readonly string[]): void {
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) {
    throw unprocessable(`tag ${bad} is invalid: letters, numbers, colons, dashes and underscores only, at most 255`);
  }
  state.tags = [...new Set([...state.tags, ...names])];
}

/** Tags that a firewall or a load balancer names must exist before. */
export function requireExistingTags(state: AccountState, names: readonly string[]): void {
  const missing = names.find((name) => !state.tags.includes(name));
  if (missing !== undefined) throw unprocessable(`tag ${missing} does not exist`);
}

function requireTags(state: AccountState, names: readonly string[]): void {
  if (names.some((name) => !state.tags.includes(name))) throw notFound();
}

function describe(state: AccountState, name: string): Tag {
  const carriers = (things: readonly { tags: readonly string[] }[]) =>
    things.filter(({ tags }) => tags.includes(name)).length;
  return { name, droplets: carriers(state.droplets), volumes: carriers(state.volumes) };
}
