import { notFound, validationFailed } from './errors';
import type { Repository } from './resources/repository';
import type { Webhook, WebhookSettings } from './resources/webhook';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';

export function createWebhook(
  session: GithubSession,
  repository: RepositoryName,
  settings: WebhookSettings,
): Promise<Webhook> {
  const { sequence } = session.github.state;
  return request(session, 'webhooks:write', 'POST', repository, '/hooks', (found) => {
    check(found, settings, undefined);
    const createdAt = timestampAfter();
    const webhook: Webhook = { id: (sequence.webhook += 1), ...settings, createdAt, updatedAt: createdAt };
    found.webhooks.push(webhook);
    return webhook;
  });
}

export function getWebhook(session: GithubSession, repository: RepositoryName, id: number): Promise<Webhook> {
  return request(session, 'webhooks:read', 'GET', repository, `/hooks/${id}`, (found) => find(found, id));
}

export function updateWebhook(
  session: GithubSession,
  repository: RepositoryName,
  id: number,
  settings: WebhookSettings,
): Promise<Webhook> {
  return request(session, 'webhooks:write', 'PATCH', repository, `/hooks/${id}`, (found) => {
    const webhook = find(found, id);
    check(found, settings, id);
    return Object.assign(webhook, settings, { updatedAt: timestampAfter(webhook.updatedAt) });
  });
}

export function deleteWebhook(session: GithubSession, repository: RepositoryName, id: number): Promise<void> {
  return request(session, 'webhooks:write', 'DELETE', repository, `/hooks/${id}`, (found) => {
    const webhook = find(found, id);
    found.webhooks = found.webhooks.filter((candidate) => candidate !== webhook);
  });
}

/** The address of a hook in the API. */
export function webhookUrl({ owner, name }: RepositoryName, id: number): string {
  return `https://api.github.com/repos/${owner}/${name}/hooks/${id}`;
}

function find({ webhooks }: Repository, id: number): Webhook {
  const webhook = webhooks.find((candidate) => candidate.id === id);
  if (webhook === undefined) throw notFound();
  return webhook;
}

function check({ webhooks }: Repository, { url, contentType, events }: WebhookSettings, own: number | undefined): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw validationFailed('Hook', 'url', 'must be a http or https URL');
  }
  if (contentType !== 'json' && contentType !== 'form') {
    throw validationFailed('Hook', 'content_type', 'must be json or form');
  }
  if (events.length === 0) throw validationFailed('Hook', 'events', 'must name at least one event');
  if (webhooks.some((other) => other.url === url && other.id !== own)) {
    throw validationFailed('Hook', 'url', 'Hook already exists on this repository');
  }
}
