import { flag, text } from '../attributes';
import type { ResourceType, Value, ValueObject } from '../engine/resource';
import { ifThere } from '../rest-client';
import { pathOf, twoParts, type GithubClient } from './client';

const FORMAT = '<repository>:<id>';

interface KeyBody {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  readonly read_only: boolean;
}

export const repositoryDeployKey: ResourceType<GithubClient> = {
  forceNew: ['repository', 'title', 'key', 'read_only'],
  defaults: { read_only: true },
  sameValue: { key: differsInCommentOnly },
  create: async ({ client, planned }) => {
    const wanted = {
      title: text(planned, 'title'),
      key: text(planned, 'key'),
      read_only: flag(planned, 'read_only'),
    };
    return attributes(await client.api.post<KeyBody>(pathOf(client, planned, '/keys'), wanted), planned);
  },
  read: async ({ client, state }) => {
    const found = await ifThere(client.api.get<KeyBody>(placeOf(client, state)));
    return found && attributes(found, state);
  },
  delete: ({ client, state }) => ifThere(client.api.delete(placeOf(client, state))),
  import: ({ id }) => {
    const [repository] = twoParts(id, ':', FORMAT);
    return Promise.resolve({ id, repository });
  },
};

/** GitHub drops the comment of a key. */
function differsInCommentOnly(prior: Value, configured: Value): boolean {
  return typeof configured === 'string' && prior === configured.trim().replace(/^([a-z0-9-]+ \S+)( \S+)?$/, '$1');
}

function attributes({ id, title, key, read_only }: KeyBody, state: ValueObject): ValueObject {
  return { id: `${text(state, 'repository')}:${id}`, title, key, read_only, etag: '' };
}

function placeOf(client: GithubClient, state: ValueObject): string {
  const [, id] = twoParts(text(state, 'id'), ':', FORMAT);
  return pathOf(client, state, `/keys/${id}`);
}
