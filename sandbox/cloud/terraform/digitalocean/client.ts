/** The DigitalOcean API as the official provider talks to it. Source: its digitalocean folder and godo, at 2.71.0. */
import { until } from '#clients/until';
import { ProviderError, type ValueObject } from '../engine/resource';
import { restClient, RestFailure, type RestClient } from '../rest-client';
import { text } from '../attributes';

/** Something that the API does after it answered. */
export interface Action {
  readonly id: number;
  readonly status: string;
  readonly started_at: string;
  readonly completed_at: string;
}

/** godo's, at the provider's default. */
const RETRIES = 4;
/** The official provider looks every ten seconds or three. */
const LOOK_MS = 100;
const PAGE = 'page=1&per_page=200';

/**
 * The client of a provider block. The official provider takes what the block leaves out from the environment of
 * Terraform, which a stand-in cannot see: without a token in the block it has none, and the API refuses it.
 */
export function clientOf(apiUrl: string, config: ValueObject): RestClient {
  return restClient(apiUrl, text(config, 'token'), { retries: RETRIES });
}

/** Gives a failure of the API the provider's words, such as `Error creating VPC`. */
export async function failingAs<T>(words: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RestFailure) throw new ProviderError(`${words}: ${reasonOf(error)}`);
    throw error;
  }
}

/** What is asked for, or undefined when the API does not have it. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RestFailure && error.status === 404) return undefined;
    throw error;
  }
}

/** As godo prints it. */
export function reasonOf({ method, url, status, requestId, message, attempts }: RestFailure): string {
  if (status === 0) return message;
  const request = requestId === '' ? '' : `(request "${requestId}") `;
  const end = attempts === 0 ? '' : `; giving up after ${attempts} attempt(s)`;
  return `${method} ${url}: ${status} ${request}${message}${end}`;
}

/** The whole of a list that fits on the largest page, as all of the project's do. */
export async function listOf<T>(client: RestClient, path: string, name: string): Promise<readonly T[]> {
  return (await client.get<Record<string, readonly T[]>>(`${path}?${PAGE}`))[name]!;
}

/** Waits until an action is over. @returns the action */
export function finished(client: RestClient, path: string, { id }: Action, signal: AbortSignal): Promise<Action> {
  const look = async () => (await client.get<{ action: Action }>(`${path}/${id}`)).action;
  return untilIt(look, ({ status }) => status === 'completed', signal);
}

/** Waits until an object of the API is as wanted. @returns the object */
export function untilIt<T extends object>(
  look: () => Promise<T>,
  isReady: (found: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  return until(
    async () => {
      signal.throwIfAborted();
      const found = await look();
      return isReady(found) && found;
    },
    { every: LOOK_MS, what: 'the API' },
  );
}
