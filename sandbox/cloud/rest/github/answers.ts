/** The forms that all answers of the GitHub API have. */
import type { ApiError } from '#sandbox/cloud/http/api-error';
import { person } from '#sandbox/cloud/github/actors';
import { ValidationFailed } from '#sandbox/cloud/github/errors';
import type { Actor } from '#sandbox/cloud/github/resources/actor';
import type { Repository } from '#sandbox/cloud/github/resources/repository';
import type { GithubSession, RepositoryName } from '#sandbox/cloud/github/session';
import { pageOf, type PageSize } from '#sandbox/cloud/http/page';
import type { Answer, RestRequest, Route } from '#sandbox/cloud/http/router';

export type GithubRoute = Route<GithubSession>;

/** Documented size of most lists. */
export const PAGE_SIZE: PageSize = { usual: 30, most: 100 };
const WEB = 'https://github.com';
const DOCUMENTATION = 'https://docs.github.com/rest';

/** The repository in a route's path. */
export function repositoryOf({ params }: RestRequest): RepositoryName {
  return { owner: params['owner']!, name: params['repo']! };
}

/** One page of a list, with the others in the header `link`. */
export function listAnswer(request: RestRequest, all: readonly unknown[], size = PAGE_SIZE): Answer {
  const { items, headers } = linkedPage(request, all, size);
  return { status: 200, body: items, headers };
}

/** One page of a list under its key, with the number of all. */
export function countedAnswer(request: RestRequest, key: string, all: readonly unknown[], size = PAGE_SIZE): Answer {
  const { items, headers } = linkedPage(request, all, size);
  return { status: 200, body: { total_count: all.length, [key]: items }, headers };
}

function linkedPage(
  request: RestRequest,
  all: readonly unknown[],
  size: PageSize,
): { items: readonly unknown[]; headers: Record<string, string> } {
  const { items, links } = pageOf(request, all, size);
  const link = Object.entries(links).map(([name, address]) => `<${address}>; rel="${name}"`);
  return { items, headers: link.length === 0 ? {} : { link: link.join(', ') } };
}

export function errorBody(error: ApiError): unknown {
  const common = { documentation_url: DOCUMENTATION, status: `${error.status}` };
  if (!(error instanceof ValidationFailed)) return { message: error.message, ...common };
  const { resource, field, rule } = error;
  return { message: 'Validation Failed', errors: [{ resource, field, code: 'custom', message: rule }], ...common };
}

/** Somebody, as in other objects and at `/user`. */
export function actorBody({ login, id, type }: Actor, origin: string): unknown {
  const page = type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login;
  const addresses = { url: `${origin}/users/${encodeURIComponent(login)}`, html_url: `${WEB}/${page}` };
  return { login, id, node_id: nodeId(type, id), avatar_url: '', ...addresses, type, site_admin: false };
}

interface RepositoryBody extends Record<string, unknown> {
  readonly full_name: string;
  readonly owner: unknown;
}

export function repositoryBody(
  repository: Pick<Repository, 'id' | 'owner' | 'name' | 'private'>,
  origin: string,
): RepositoryBody {
  const { id, owner, name, private: isPrivate } = repository;
  const full = `${owner}/${name}`;
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: full,
    private: isPrivate,
    visibility: isPrivate ? 'private' : 'public',
    owner: actorBody(person(owner), origin),
    url: apiAddress(origin, { owner, name }),
    html_url: webAddress({ owner, name }),
    description: null,
    fork: false,
    archived: false,
    has_issues: true,
    default_branch: 'main',
  };
}

export function apiAddress(origin: string, { owner, name }: RepositoryName): string {
  return `${origin}/repos/${owner}/${name}`;
}

export function webAddress({ owner, name }: RepositoryName): string {
  return `${WEB}/${owner}/${name}`;
}

/** The id that the GraphQL API would know it by. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64');
}
