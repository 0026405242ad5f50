/** Issues of a repository. A pull request is an issue with something more. */
import { actorOf } from './actors';
import { notFound, validationFailed } from './errors';
import type { Issue } from './resources/issue';
import type { Repository } from './resources/repository';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';
import type { GithubState } from './state';
import { authorise } from './tokens';

/** What a caller decides about an issue. */
export interface IssueChange {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: Issue['state'] | undefined;
  /** `completed`, `not_planned`, `duplicate` or `reopened`. */
  readonly stateReason?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** Those that somebody looks for; what is absent says nothing. */
export interface IssueFilter {
  readonly state?: Issue['state'];
  /** All of these. */
  readonly labels?: readonly string[];
  /** Login of the author. */
  readonly creator?: string;
}

/** Documented for issues and comments. Counted in UTF-16 units, the strictest way to count characters. */
export const MAX_BODY = 65_536;
const MAX_TITLE = 256;

/** Newest first. */
export function listIssues(
  session: GithubSession,
  repository: RepositoryName,
  { state, labels = [], creator }: IssueFilter = {},
): Promise<Issue[]> {
  return request(session, 'issues:read', 'GET', repository, '/issues', ({ issues }) =>
    issues
      .filter((issue) => state === undefined || issue.state === state)
      .filter((issue) => labels.every((label) => issue.labels.includes(label)))
      .filter(({ author }) => creator === undefined || author.login.toLowerCase() === creator.toLowerCase())
      .sort((a, b) => b.number - a.number),
  );
}

export function getIssue(session: GithubSession, repository: RepositoryName, number: number): Promise<Issue> {
  return onIssue(session, 'read', 'GET', repository, { number }, (issue) => issue);
}

export function createIssue(
  session: GithubSession,
  repository: RepositoryName,
  wanted: IssueChange & { readonly title: string },
): Promise<Issue> {
  return request(session, 'issues:write', 'POST', repository, '/issues', (found) => {
    const { state } = session.github;
    check(wanted);
    const issue = newIssue(state, found, { title: wanted.title, body: wanted.body ?? null, author: actorOf(session) });
    issue.labels = labelsOf(state, found, wanted.labels ?? []);
    return issue;
  });
}

/** Changes what is given, and leaves the rest. */
export function updateIssue(
  session: GithubSession,
  repository: RepositoryName,
  number: number,
  change: IssueChange,
): Promise<Issue> {
  return onIssue(session, 'write', 'PATCH', repository, { number }, (issue, found) => {
    check(change);
    const { title = issue.title, body = issue.body, labels } = change;
    Object.assign(issue, { title, body, updatedAt: timestampAfter() });
    if (labels !== undefined) issue.labels = labelsOf(session.github.state, found, labels);
    if (change.state !== undefined) turn(issue, change.state, change.stateReason ?? undefined);
    return issue;
  });
}

/**
 * A request about an issue that exists. Those about a pull request need the permission for either.
 *
 * @param place its number, and what the path has after it
 */
export function onIssue<T>(
  session: GithubSession,
  access: 'read' | 'write',
  method: 'GET' | 'POST' | 'PATCH',
  repository: RepositoryName,
  { number, below = '' }: { readonly number: number; readonly below?: string },
  work: (issue: Issue, repository: Repository) => T,
): Promise<T> {
  const either = permissionsFor(access);
  return request(session, either, method, repository, `/issues/${number}${below}`, (found) => {
    const issue = found.issues.find((candidate) => candidate.number === number);
    if (issue === undefined) throw notFound();
    requireFor(session, access, issue);
    return work(issue, found);
  });
}

/** One of these is needed to look at, or to write to, something that may be a pull request. */
export function permissionsFor(access: 'read' | 'write'): string[] {
  return [`issues:${access}`, `pull_requests:${access}`];
}

/** The right to pull requests is none to issues. */
export function requireFor({ github, token }: GithubSession, access: 'read' | 'write', issue: Issue): void {
  if (token === undefined || issue.pullRequest !== undefined) return;
  authorise(github.tokens, token, [`issues:${access}`]);
}

/** Adds an open issue. */
export function newIssue(
  { sequence }: GithubState,
  repository: Repository,
  wanted: Pick<Issue, 'title' | 'body' | 'author' | 'pullRequest'> & { readonly number?: number | undefined },
): Issue {
  const createdAt = timestampAfter();
  const next = Math.max(0, ...repository.issues.map(({ number }) => number)) + 1;
  const issue: Issue = {
    ...wanted,
    id: (sequence.issue += 1),
    number: wanted.number ?? next,
    state: 'open',
    stateReason: null,
    labels: [],
    comments: [],
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
  };
  repository.issues.push(issue);
  return issue;
}

function turn(issue: Issue, state: Issue['state'], reason: string | undefined): void {
  const closed = state === 'closed';
  if (issue.state === state && reason === undefined) return;
  Object.assign(issue, {
    state,
    stateReason: reason ?? (closed ? 'completed' : 'reopened'),
    closedAt: closed ? (issue.closedAt ?? issue.updatedAt) : null,
  });
}

/** Labels that an issue names come into being by that. */
function labelsOf({ sequence }: GithubState, repository: Repository, names: readonly string[]): string[] {
  const unique = [...new Set(names)];
  const unknown = unique.filter((name) => !repository.labels.some((label) => label.name === name));
  for (const name of unknown) repository.labels.push({ id: (sequence.issue += 1), name });
  return unique;
}

function check({ title, body }: IssueChange): void {
  if (title?.trim() === '') throw validationFailed('Issue', 'title', "title can't be blank");
  if ((title?.length ?? 0) > MAX_TITLE)
    throw validationFailed('Issue', 'title', 'title is too long (maximum is 256 characters)');
  if ((body?.length ?? 0) > MAX_BODY) {
    throw validationFailed('Issue', 'body', `body is too long (maximum is ${MAX_BODY} characters)`);
  }
}
