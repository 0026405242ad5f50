import { createHash } from 'node:crypto';
import type { Webhook, WebhookSettings } from '#sandbox/cloud/github/resources/webhook';
import { createWebhook, deleteWebhook, getWebhook, updateWebhook, webhookUrl } from '#sandbox/cloud/github/webhooks';
import type { RepositoryName } from '#sandbox/cloud/github/session';
import type { ResourceType, ValueObject } from '../engine/resource';
import { blocks, flag, optional, optionalText, text, texts } from '../attributes';
import { calling, deleting, idParts, reading, repositoryOf, type GithubClient } from './client';

/** What GitHub sends when nobody asks for JSON. */
const DEFAULT_CONTENT_TYPE = 'form';

export const repositoryWebhook: ResourceType<GithubClient> = {
  schemaVersion: 1,
  sensitive: ['configuration.secret', 'configuration.url'],
  forceNew: ['repository'],
  defaults: { active: true, 'configuration.insecure_ssl': false },
  changesOnUpdate: ['etag'],
  create: ({ client, planned }) =>
    calling(async () => {
      const repository = repositoryOf(client, planned);
      return attributes(repository, await createWebhook(client.session, repository, settings(planned)), planned);
    }),
  read: ({ client, state }) =>
    reading(async () => {
      const repository = repositoryOf(client, state);
      return attributes(repository, await getWebhook(client.session, repository, idOf(state)), state);
    }),
  update: ({ client, planned }) =>
    calling(async () => {
      const repository = repositoryOf(client, planned);
      const changed = await updateWebhook(client.session, repository, idOf(planned), settings(planned));
      return attributes(repository, changed, planned);
    }),
  delete: ({ client, state }) =>
    deleting(() => deleteWebhook(client.session, repositoryOf(client, state), idOf(state))),
  import: ({ id }) => {
    const [repository, number] = idParts(id, '/', '<repository>/<webhook_id>') as [string, string];
    return Promise.resolve({ id: number, repository });
  },
};

function settings(planned: ValueObject): WebhookSettings {
  const [configuration = {}] = blocks(planned, 'configuration');
  return {
    url: text(configuration, 'url'),
    contentType: (optionalText(configuration, 'content_type') ??
      DEFAULT_CONTENT_TYPE) as WebhookSettings['contentType'],
    secret: text(configuration, 'secret'),
    insecureSsl: flag(configuration, 'insecure_ssl'),
    events: texts(planned, 'events'),
    active: flag(planned, 'active'),
  };
}

function attributes(repository: RepositoryName, made: Webhook, state: ValueObject): ValueObject {
  const [known = {}] = blocks(state, 'configuration');
  const contentType = made.contentType === DEFAULT_CONTENT_TYPE ? '' : made.contentType;
  return {
    id: `${made.id}`,
    url: webhookUrl(repository, made.id),
    active: made.active,
    events: [...made.events],
    etag: etagOf(made),
    configuration: [
      {
        url: made.url,
        content_type:
          text(known, 'content_type') === DEFAULT_CONTENT_TYPE
            ? made.contentType
            : optional(known, 'content_type', contentType),
        insecure_ssl: made.insecureSsl,
        // The API answers asterisks, so a change elsewhere goes unseen.
        secret: known['secret'] ?? null,
      },
    ],
  };
}

function etagOf(made: Webhook): string {
  return `W/"${createHash('sha256').update(JSON.stringify(made)).digest('hex')}"`;
}

function idOf(state: ValueObject): number {
  return Number(text(state, 'id'));
}
