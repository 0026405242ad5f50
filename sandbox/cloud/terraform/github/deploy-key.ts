import { flag, text } from '../attributes';
import type { ResourceType, Value, ValueObject } from '../engine/resource';
import { calling, deleting, pathOf, reading, twoParts, type GithubClient } from './client';

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
  create: ({ client, planned }) =>
    calling(async () => {
      const wanted = {
        title: text(planned, 'title'),
        key: text(planned, 'key'),
        read_only: flag(planned, 'read_only'),
      };
      return attributes(await client.api.post<KeyBody>(pathOf(client, planned, '/keys'), wanted), planned);
    }),
  read: ({ client, state }) =>
    reading(async () => attributes(await client.api.get<KeyBody>(placeOf(client, state)), state)),
  delete: ({ client, state }) => deleting(() => client.api.delete(placeOf(client, state))),
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
