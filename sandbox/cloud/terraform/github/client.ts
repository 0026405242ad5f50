/** What a connection to the stand-in for the provider github works with: GitHub's API, and whose repositories are meant. */
import { optionalText, text } from '../attributes';
import { ProviderError, type ValueObject } from '../engine/resource';
import { RestClient, type Refusal } from '../rest-client';

export interface GithubClient {
  readonly api: RestClient;
  readonly owner: string;
}

/** The provider's default of max_retries. */
const RETRIES = 3;

/**
 * The client of a provider block. The official provider takes a missing token from the environment of Terraform, which
 * this one cannot see: without a token in the block it has none, and the API refuses it.
 *
 * @param url of the API when the block names none
 */
export async function clientOf(url: string, config: ValueObject): Promise<GithubClient> {
  const base = (optionalText(config, 'base_url') ?? url).replace(/\/$/, '');
  // As for every host but api.github.com.
  const api = new RestClient(`${base}/api/v3`, text(config, 'token'), { wording, retries: RETRIES });
  return { api, owner: optionalText(config, 'owner') ?? (await api.get<{ login: string }>('/user')).login };
}

/** Path of something in the repository of a resource. */
export function pathOf({ owner }: GithubClient, state: ValueObject, below: string): string {
  return `/repos/${owner}/${text(state, 'repository')}${below}`;
}

/** Splits an id of two parts, such as `forge:FORGE_DOMAIN`, as given to an import. */
export function twoParts(id: string, separator: string, format: string): [string, string] {
  const parts = id.split(separator);
  if (parts.length === 2) return parts as [string, string];
  throw new ProviderError(`invalid ID specified: supplied ID must be written as ${format}`);
}

/** The provider prints a Go time. */
export function goTime(timestamp: string): string {
  return timestamp.replace('T', ' ').replace('Z', ' +0000 UTC');
}

interface Problem {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

function wording({ method, url, status, message, body }: Refusal): string {
  const problems = ((body['errors'] ?? []) as Problem[]).map(
    (one) => `{Resource:${one.resource} Field:${one.field} Code:${one.code} Message:${one.message}}`,
  );
  return `${method} ${url}: ${status} ${message} [${problems.join(' ')}]`;
}
