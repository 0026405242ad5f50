/** Sends events to the webhooks of a repository, as GitHub does. */
import { createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Webhook } from './resources/webhook';
import { findRepository, type Github, type RepositoryName } from './session';

/** Where a host of a webhook's URL really is. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Speak TLS; the default is what the URL says. */
  readonly tls?: boolean;
}

/** Finds a host's server on this machine; undefined for a host that is not there. */
export type Resolve = (host: string) => Destination | undefined;

export interface Delivery {
  readonly webhook: number;
  readonly url: string;
  /** HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Why there was no answer. */
  readonly error?: string;
}

export interface DeliveryOptions {
  readonly resolve: Resolve;
  /** PEM certificate that signed the receivers' certificates. */
  readonly ca?: string;
}

/** GitHub gives up after ten seconds. */
const TIMEOUT_MS = 10_000;

/** Sends an event to every active webhook that listens for it, and tells what each answered. */
export function deliver(
  { state }: Github,
  repository: RepositoryName,
  event: string,
  payload: unknown,
  options: DeliveryOptions,
): Promise<Delivery[]> {
  const listening = findRepository(state, repository).webhooks.filter(
    ({ active, events }) => active && (events.includes(event) || events.includes('*')),
  );
  return Promise.all(listening.map((webhook) => send(webhook, event, JSON.stringify(payload), options)));
}

async function send(webhook: Webhook, event: string, json: string, options: DeliveryOptions): Promise<Delivery> {
  const { id, url } = webhook;
  const { hostname } = new URL(url);
  const destination = options.resolve(hostname);
  if (destination === undefined) {
    return { webhook: id, url, status: undefined, error: `no server for ${hostname} in this sandbox` };
  }
  try {
    const status = await post(webhook, destination, event, json, options.ca);
    return { webhook: id, url, status };
  } catch (error) {
    return { webhook: id, url, status: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

function post(
  webhook: Webhook,
  { address, port, tls }: Destination,
  event: string,
  json: string,
  ca: string | undefined,
): Promise<number> {
  const url = new URL(webhook.url);
  const body = webhook.contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  const common: RequestOptions = {
    host: address,
    port,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { host: url.host, ...headers(webhook, event, body) },
    timeout: TIMEOUT_MS,
  };
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    };
    const overTls = tls ?? url.protocol === 'https:';
    const outgoing = overTls
      ? httpsRequest({ ...common, servername: url.hostname, rejectUnauthorized: !webhook.insecureSsl, ca }, answered)
      : httpRequest(common, answered);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within ten seconds')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function headers({ id, contentType, secret }: Webhook, event: string, body: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    'content-type': contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'content-length': `${Buffer.byteLength(body)}`,
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-github-hook-id': `${id}`,
    ...(secret === '' ? {} : { 'x-hub-signature-256': `sha256=${signature}` }),
  };
}
