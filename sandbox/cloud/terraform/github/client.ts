/** What a connection to the emulated GitHub provider works with. */
import type { ApiError } from '#sandbox/cloud/http/api-error';
import { ProviderError, type ValueObject } from '../engine/resource';
import { withGithubToken, type Github, type GithubSession, type RepositoryName } from '#sandbox/cloud/github/session';
import * as api from '../api-calls';
import { optionalText, text } from '../attributes';

export interface GithubClient {
  readonly session: GithubSession;
  readonly owner: string;
}

/**
 * The client of a provider block. The real provider takes a missing token and owner from the environment of Terraform, which
 * the emulated one cannot see: without a token in the block it has none, and the API refuses it.
 */
export function clientOf(github: Github, config: ValueObject): GithubClient {
  const [repository] = github.state.repositories;
  return {
    session: withGithubToken(github, text(config, 'token')),
    owner: optionalText(config, 'owner') ?? repository!.owner,
  };
}

/** The repository of a resource. */
export function repositoryOf({ owner }: GithubClient, state: ValueObject): RepositoryName {
  return { owner, name: text(state, 'repository') };
}

export function calling<T>(work: () => Promise<T>): Promise<T> {
  return api.calling('', wording, work);
}

export function reading(work: () => Promise<ValueObject | null>): Promise<ValueObject | null> {
  return api.reading('', wording, work);
}

export function deleting(work: () => Promise<unknown>): Promise<void> {
  return api.deleting('', wording, work);
}

/** Splits an id of several parts, such as `forge:FORGE_DOMAIN`, as given to an import. */
export function idParts(id: string, separator: string, format: string): string[] {
  const parts = id.split(separator);
  if (parts.length === format.split(separator).length) return parts;
  throw new ProviderError(`invalid ID specified: supplied ID must be written as ${format}`);
}

/** The provider prints a Go time. */
export function goTime(timestamp: string): string {
  return timestamp.replace('T', ' ').replace('Z', ' +0000 UTC');
}

function wording({ endpoint, status, message }: ApiError): string {
  const call = endpoint === undefined ? '' : `${endpoint.method} ${endpoint.url}: `;
  return `${call}${status} ${message}${message.endsWith(']') ? '' : ' []'}`;
}
