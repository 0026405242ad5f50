/** Issues. A pull request is an issue with something more. */
import { z } from 'zod';
import type { RestRequest } from '../http/routes';
import { apiAddress, created, listed, ok, type GithubRoute } from './answers';
import { checked, validationFailed } from './errors';
import { collection, nextId, timestampAfter, type Caller, type Github } from './github';
import { onRepository, person, repositoryOf, userOf, type User } from './repository';
import { permit } from './tokens';

/** Documented for issues and comments. Counted in UTF-16 units, the strictest way to count characters. */
const MAX_BODY = 65_536;
export const postBody = z.string().max(MAX_BODY, `body is too long (maximum is ${MAX_BODY} characters)`);

const label = z
  .union([z.string(), z.object({ name: z.string() })])
  .transform((given) => ({ name: typeof given === 'string' ? given : given.name, color: 'ededed' }));

const issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z
    .string()
    .max(256, 'title is too long (maximum is 256 characters)')
    .refine((text) => text.trim() !== '', "title can't be blank"),
  body: postBody.nullable(),
  state: z.enum(['open', 'closed']),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable(),
  labels: z.array(label),
  user: z.custom<User>(),
  author_association: z.enum(['OWNER', 'NONE']),
  /** How many. */
  comments: z.number(),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullable(),
  /** Absent when it is none. */
  pull_request: z.object({ html_url: z.string(), merged_at: z.string().nullable() }).optional(),
});
export type Issue = z.infer<typeof issue>;

const changeRequest = issue.pick({ title: true, body: true, state: true, state_reason: true, labels: true }).partial();
const createRequest = changeRequest.pick({ body: true, labels: true }).extend({ title: issue.shape.title });

export const issues = collection<Issue>('issues', 'number');

export const issueRoutes: readonly GithubRoute[] = [
  onRepository('GET /issues', 'issues:read', ({ github }, request) => {
    const found = issues.of(github).filter((one) => isWanted(one, request.query));
    const newestFirst = found.sort((a, b) => b.number - a.number);
    return listed(
      request,
      newestFirst.map((one) => body(request, one)),
    );
  }),
  onRepository('POST /issues', 'issues:write', (caller, request) => {
    const wanted = checked('Issue', request.body, createRequest);
    return created(body(request, addIssue(caller.github, { ...wanted, user: userOf(caller) })));
  }),
  onRepository('PATCH /issues/{number}', permissionsTo('write'), (caller, request) => {
    const found = findIssue(caller, request.params['number']!, 'write');
    const { state, state_reason, ...change } = checked('Issue', request.body, changeRequest);
    if (state === 'open' && typeof found.pull_request?.merged_at === 'string') {
      throw validationFailed('PullRequest', 'state', 'The pull request cannot be reopened.');
    }
    Object.assign(found, change, { updated_at: timestampAfter() });
    if (state !== undefined) turn(found, state, state_reason ?? undefined);
    return ok(body(request, found));
  }),
];

/** What is needed to read, or to write to, something that may be a pull request. */
export function permissionsTo(access: 'read' | 'write'): string {
  return `issues:${access} or pull_requests:${access}`;
}

/** The right to pull requests is none to issues. @throws 404 and 403 */
export function findIssue({ github, token }: Caller, number: string | number, access: 'read' | 'write'): Issue {
  const found = issues.find(github, number);
  if (found.pull_request === undefined) permit(token, `issues:${access}`);
  return found;
}

export interface OpenedPullRequest extends Partial<Pick<Issue, 'title' | 'body'>> {
  /** The default is the owner of the repository or of the fork. */
  readonly author?: User;
  /** The default is the next free one. */
  readonly number?: number;
  /** Full name of the fork that it comes from; null for one that was deleted. The default is no fork. */
  readonly fork?: string | null;
}

/** Somebody opens a pull request. */
export function openPullRequest(github: Github, wanted: OpenedPullRequest = {}): Issue {
  const { number, fork, title = 'A change', body } = wanted;
  if (issues.of(github).some((one) => one.number === number)) throw new Error(`number ${number} is taken`);
  const owner = fork === null ? 'ghost' : (fork ?? repositoryOf(github).full_name).split('/')[0]!;
  const opened = addIssue(github, { title, body, user: wanted.author ?? person(owner), number });
  opened.html_url = opened.html_url.replace('/issues/', '/pull/');
  opened.pull_request = { html_url: opened.html_url, merged_at: null };
  github.save();
  return opened;
}

/** What the API says of who wrote something. */
export function associationOf(github: Github, { login }: User): Issue['author_association'] {
  return login.toLowerCase() === repositoryOf(github).owner.login.toLowerCase() ? 'OWNER' : 'NONE';
}

function addIssue(
  github: Github,
  wanted: z.infer<typeof createRequest> & { readonly user: User; readonly number?: number | undefined },
): Issue {
  const number = wanted.number ?? Math.max(0, ...issues.of(github).map((one) => one.number)) + 1;
  const created_at = timestampAfter();
  const added: Issue = {
    id: nextId(github, 'issues'),
    number,
    title: wanted.title,
    body: wanted.body ?? null,
    state: 'open',
    state_reason: null,
    labels: wanted.labels ?? [],
    user: wanted.user,
    author_association: associationOf(github, wanted.user),
    comments: 0,
    html_url: `${repositoryOf(github).html_url}/issues/${number}`,
    created_at,
    updated_at: created_at,
    closed_at: null,
  };
  issues.add(github, added);
  return added;
}

function turn(found: Issue, state: Issue['state'], reason: Issue['state_reason'] | undefined): void {
  if (found.state === state && reason === undefined) return;
  found.state_reason = reason ?? (state === 'closed' ? 'completed' : 'reopened');
  found.closed_at = state === 'closed' ? (found.closed_at ?? found.updated_at) : null;
  found.state = state;
}

/** Open ones, unless the caller says otherwise. */
function isWanted({ state, labels, user }: Issue, query: URLSearchParams): boolean {
  const wanted = query.get('state') ?? 'open';
  const names = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = query.get('creator')?.replace(/^app\/(.+)$/, '$1[bot]');
  return (
    (wanted === 'all' || state === wanted) &&
    names.every((name) => labels.some((label) => label.name === name)) &&
    (creator === undefined || user.login.toLowerCase() === creator.toLowerCase())
  );
}

function body(request: RestRequest, found: Issue): unknown {
  const url = apiAddress(request, `/issues/${found.number}`);
  const pull = found.pull_request && { ...found.pull_request, url: apiAddress(request, `/pulls/${found.number}`) };
  return { ...found, url, comments_url: `${url}/comments`, pull_request: pull };
}
