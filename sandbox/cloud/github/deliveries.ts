/** Sends events to the webhooks of the repository, as GitHub does. */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { sendHttp } from '#clients/http';
import type { Github } from './github';
import { hooks, type Hook } from './hook';

/** Where the server of a host is on this machine. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Of those that it may have a certificate of, PEM. Without them it speaks plain HTTP. */
  readonly authorities?: string;
}

/** Finds a host's server; undefined for a host that is not there. */
export type Resolve = (host: string) => Promise<Destination | undefined> | Destination | undefined;

export interface Delivery {
  readonly url: string;
  /** HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Why there was no answer. */
  readonly error?: string;
}

/** GitHub gives up after ten seconds. */
const TIMEOUT_MS = 10_000;

/** Sends an event to every active webhook that listens for it, and tells what each answered. */
export function deliver(github: Github, event: string, payload: unknown, resolve: Resolve): Promise<Delivery[]> {
  const listening = hooks
    .of(github)
    .filter(({ active, events }) => active && (events.includes(event) || events.includes('*')));
  return Promise.all(listening.map((hook) => send(hook, event, JSON.stringify(payload), resolve)));
}

async function send(hook: Hook, event: string, json: string, resolve: Resolve): Promise<Delivery> {
  const { url } = hook.config;
  const { hostname } = new URL(url);
  const destination = await resolve(hostname);
  if (destination === undefined) {
    return { url, status: undefined, error: `no server for ${hostname} in this sandbox` };
  }
  try {
    return { url, status: await post(hook, destination, event, json) };
  } catch (error) {
    return { url, status: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

async function post(
  hook: Hook,
  { address, port, authorities }: Destination,
  event: string,
  json: string,
): Promise<number> {
  const { host, hostname: servername, pathname, search } = new URL(hook.config.url);
  const body = hook.config.content_type === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  const headers = { host, ...headersOf(hook, event, body) };
  const url = `${authorities === undefined ? 'http' : 'https'}://${address}:${port}${pathname}${search}`;
  const rejectUnauthorized = hook.config.insecure_ssl !== '1';
  const tls = authorities !== undefined && { agent: new Agent({ ca: authorities, servername, rejectUnauthorized }) };
  const { status } = await sendHttp({ url, method: 'POST', headers, body, ...tls }, { timeoutMs: TIMEOUT_MS });
  return status;
}

function headersOf({ id, config }: Hook, event: string, body: string): Record<string, string> {
  const signature = createHmac('sha256', config.secret).update(body).digest('hex');
  return {
    'content-type': config.content_type === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-github-hook-id': `${id}`,
    ...(config.secret === '' ? {} : { 'x-hub-signature-256': `sha256=${signature}` }),
  };
}
