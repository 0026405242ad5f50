/** The forms that all answers of the GitHub API have. */
import type { ApiError } from '../http/api-error';
import { pageOf, type PageSize } from '../http/page';
import type { Answer, RestRequest, Route } from '../http/routes';
import { ValidationFailed } from './errors';
import type { Caller } from './github';

export type GithubRoute = Route<Caller>;

/** Documented size of most lists. */
const PAGE_SIZE: PageSize = { usual: 30, most: 100 };

/** What every DELETE answers, and many a change. */
export const NO_CONTENT: Answer = { status: 204 };

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

/** One page of a list, with the others in the header `link`. */
export function listed(request: RestRequest, all: readonly unknown[], size = PAGE_SIZE): Answer {
  const { items, links } = pageOf(request, all, size);
  const link = Object.entries(links).map(([name, address]) => `<${address}>; rel="${name}"`);
  return { status: 200, body: items, headers: link.length === 0 ? {} : { link: link.join(', ') } };
}

/** One page of a list under its key, with the number of all. */
export function counted(request: RestRequest, key: string, all: readonly unknown[], size = PAGE_SIZE): Answer {
  const { body, ...rest } = listed(request, all, size);
  return { ...rest, body: { total_count: all.length, [key]: body } };
}

/** Address in the API of something below the repository. */
export function apiAddress({ origin, params }: RestRequest, below: string): string {
  return `${origin}/repos/${params['owner']}/${params['repo']}${below}`;
}

export function errorBody(error: ApiError): unknown {
  const common = { documentation_url: 'https://docs.github.com/rest', status: `${error.status}` };
  if (!(error instanceof ValidationFailed)) return { message: error.message, ...common };
  return { message: error.message, errors: error.problems.map((one) => ({ code: 'custom', ...one })), ...common };
}
