/** The DigitalOcean API as the official provider talks to it. Source: its digitalocean folder and godo, at 2.71.0. */
import { until } from '#clients/until';
import { ProviderError, type ValueObject } from '../engine/resource';
import { RestClient, RestFailure, type Refusal } from '../rest-client';
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
  return new RestClient(apiUrl, text(config, 'token'), { wording, retries: RETRIES });
}

/** Gives a failure of the API the provider's words, such as `Error creating VPC`. */
export async function failingAs<T>(words: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RestFailure) throw new ProviderError(`${words}: ${error.summary}`);
    throw error;
  }
}

/** As godo prints it. */
function wording({ method, url, status, message, body, attempts }: Refusal): string {
  const end = attempts === 0 ? '' : `; giving up after ${attempts} attempt(s)`;
  return `${method} ${url}: ${status} (request "${body['request_id'] as string}") ${message}${end}`;
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
