import { blocks, flag, text, texts } from '../attributes';
import type { ResourceType, ValueObject } from '../engine/resource';
import { ifThere } from '../rest-client';
import { pathOf, twoParts, type GithubClient } from './client';

interface HookBody {
  readonly id: number;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly config: {
    readonly url: string;
    readonly content_type: string;
    readonly insecure_ssl: string;
    /** Asterisks; absent when there is none. */
    readonly secret?: string;
  };
}

export const repositoryWebhook: ResourceType<GithubClient> = {
  forceNew: ['repository'],
  defaults: { active: true },
  create: async ({ client, planned }) => {
    const made = await client.api.post<HookBody>(pathOf(client, planned, '/hooks'), bodyOf(planned));
    return attributes(made, planned);
  },
  read: async ({ client, state }) => {
    const found = await ifThere(client.api.get<HookBody>(placeOf(client, state)));
    return found && attributes(found, state);
  },
  update: async ({ client, planned }) =>
    attributes(await client.api.patch<HookBody>(placeOf(client, planned), bodyOf(planned)), planned),
  delete: ({ client, state }) => ifThere(client.api.delete(placeOf(client, state))),
  import: ({ id }) => {
    const [repository, number] = twoParts(id, '/', '<repository>/<webhook_id>');
    return Promise.resolve({ id: number, repository });
  },
};

function bodyOf(planned: ValueObject): unknown {
  const [configuration = {}] = blocks(planned, 'configuration');
  const config = {
    url: text(configuration, 'url'),
    content_type: text(configuration, 'content_type'),
    insecure_ssl: flag(configuration, 'insecure_ssl') ? '1' : '0',
    secret: text(configuration, 'secret'),
  };
  return { config, events: texts(planned, 'events'), active: flag(planned, 'active') };
}

function attributes({ id, url, active, events, config }: HookBody, state: ValueObject): ValueObject {
  const [known = {}] = blocks(state, 'configuration');
  const configuration = {
    url: config.url,
    content_type: config.content_type,
    insecure_ssl: config.insecure_ssl === '1',
    // A change elsewhere goes unseen.
    secret: config.secret === undefined ? '' : text(known, 'secret'),
  };
  return { id: `${id}`, url, active, events: [...events], etag: null, configuration: [configuration] };
}

function placeOf(client: GithubClient, state: ValueObject): string {
  return pathOf(client, state, `/hooks/${text(state, 'id')}`);
}
