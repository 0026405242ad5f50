/** A caller of the emulated GitHub API, and what each of its requests goes through. */
import type { Endpoint } from '../http/api-error';
import { perform } from '../http/call';
import { noConditions, type Conditions } from '../http/faults';
import { notFound } from './errors';
import type { Repository } from './resources/repository';
import type { GithubState } from './state';
import { authorise, knownToken, type GithubToken } from './tokens';

const API = 'https://api.github.com';

export interface Github {
  readonly state: GithubState;
  readonly tokens: GithubToken[];
  readonly conditions: Conditions;
  readonly save: () => void;
}

/** Who calls the API: by a token, or the web page, which needs none and meets no faults. */
export interface GithubSession {
  readonly github: Github;
  readonly token: string | undefined;
}

/** A repository by its full name. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export function withGithubToken(github: Github, token: string): GithubSession {
  return { github, token };
}

/** The owner at the web page: for drift in tests, and for the sandbox's own needs. */
export function webPage(github: Github): GithubSession {
  return { github, token: undefined };
}

/**
 * One request about a repository: permission, latency and faults, the rules, and the write to disk.
 *
 * @param permission such as `secrets:write`, or several of which one is enough; the first is also the name for faults
 *   and latency
 * @param path below the repository, such as `/actions/secrets`
 */
export function request<T>(
  { github, token }: GithubSession,
  permission: string | readonly string[],
  method: Endpoint['method'],
  { owner, name }: RepositoryName,
  path: string,
  work: (repository: Repository) => T | Promise<T>,
): Promise<T> {
  const conditions = token === undefined ? noConditions() : github.conditions;
  const permissions = typeof permission === 'string' ? [permission] : permission;
  const authorised = () => {
    if (token !== undefined) authorise(github.tokens, token, permissions);
    return work(findRepository(github.state, { owner, name }));
  };
  const url = `${API}/repos/${owner}/${name}${path}`;
  return perform(conditions, { operation: permissions[0]!, method, url }, authorised, github.save);
}

/** The token of a caller asks about itself: for faults and latency, that is `user:read`. */
export function requestAsToken<T>(
  { github, token = '' }: GithubSession,
  path: string,
  work: (token: GithubToken) => T,
): Promise<T> {
  const call = { operation: 'user:read', method: 'GET', url: `${API}${path}` } as const;
  return perform(github.conditions, call, () => work(knownToken(github.tokens, token)), github.save);
}

export function findRepository({ repositories }: GithubState, { owner, name }: RepositoryName): Repository {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const found = repositories.find((repository) => same(repository.owner, owner) && same(repository.name, name));
  if (found === undefined) throw notFound();
  return found;
}

/** The time to the second, later than the one before: secrets tell their drift by it. */
export function timestampAfter(previous?: string): string {
  const earliest = previous === undefined ? 0 : Date.parse(previous) + 1000;
  return `${new Date(Math.max(Date.now(), earliest)).toISOString().slice(0, 19)}Z`;
}
