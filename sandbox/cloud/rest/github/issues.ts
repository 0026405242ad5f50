import { z } from 'zod';
import { createIssue, getIssue, listIssues, updateIssue, type IssueFilter } from '#sandbox/cloud/github/issues';
import type { Issue } from '#sandbox/cloud/github/resources/issue';
import type { RepositoryName } from '#sandbox/cloud/github/session';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route, type RestRequest } from '#sandbox/cloud/http/router';
import { actorBody, apiAddress, listAnswer, nodeId, repositoryOf, webAddress, type GithubRoute } from './answers';

const labels = z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).optional();
const created = z.object({ title: z.string(), body: z.string().nullish(), labels });
const changed = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  labels,
});

export const issueRoutes: readonly GithubRoute[] = [
  route('GET', '/repos/{owner}/{repo}/issues', async (session, request) => {
    const issues = await listIssues(session, repositoryOf(request), filterOf(request));
    const ordered = request.query.get('direction') === 'asc' ? issues.reverse() : issues;
    return listAnswer(
      request,
      ordered.map((issue) => bodyFor(request, issue)),
    );
  }),
  route('POST', '/repos/{owner}/{repo}/issues', async (session, request) => {
    const issue = await createIssue(session, repositoryOf(request), bodyOf(request, created));
    return { status: 201, body: bodyFor(request, issue) };
  }),
  route('GET', '/repos/{owner}/{repo}/issues/{number}', async (session, request) => {
    const issue = await getIssue(session, repositoryOf(request), Number(request.params['number']));
    return { status: 200, body: bodyFor(request, issue) };
  }),
  route('PATCH', '/repos/{owner}/{repo}/issues/{number}', async (session, request) => {
    const { state_reason: stateReason, ...change } = bodyOf(request, changed);
    const number = Number(request.params['number']);
    const issue = await updateIssue(session, repositoryOf(request), number, { ...change, stateReason });
    return { status: 200, body: bodyFor(request, issue) };
  }),
];

/** Open ones, unless the caller says otherwise. */
function filterOf({ query }: RestRequest): IssueFilter {
  const state = query.get('state') ?? 'open';
  const wanted = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
  const creator = query.get('creator');
  return {
    ...(state === 'open' || state === 'closed' ? { state } : {}),
    labels: wanted,
    ...(creator === null ? {} : { creator: creator.replace(/^app\/(.+)$/, '$1[bot]') }),
  };
}

function bodyFor(request: RestRequest, issue: Issue): unknown {
  return { ...issueBody(issue, repositoryOf(request), request.origin), ...pullRequestPart(request, issue) };
}

/** What issues and pull requests have in common. */
export function issueBody(issue: Issue, repository: RepositoryName, origin: string): Record<string, unknown> {
  const { id, number, title, body, state, author, comments } = issue;
  const at = `${apiAddress(origin, repository)}/issues/${number}`;
  const kind = issue.pullRequest === undefined ? 'issues' : 'pull';
  return {
    id,
    node_id: nodeId('Issue', id),
    number,
    title,
    body,
    state,
    state_reason: issue.stateReason,
    labels: issue.labels.map((name) => ({ name, color: 'ededed', default: false, description: null })),
    user: actorBody(author, origin),
    assignees: [],
    milestone: null,
    locked: false,
    comments: comments.length,
    author_association: author.type === 'Bot' ? 'NONE' : associationOf(author.login, repository),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    url: at,
    comments_url: `${at}/comments`,
    repository_url: apiAddress(origin, repository),
    html_url: `${webAddress(repository)}/${kind}/${number}`,
  };
}

export function associationOf(login: string, { owner }: RepositoryName): 'OWNER' | 'NONE' {
  return login.toLowerCase() === owner.toLowerCase() ? 'OWNER' : 'NONE';
}

function pullRequestPart(request: RestRequest, { number, pullRequest }: Issue): Record<string, unknown> {
  if (pullRequest === undefined) return {};
  const repository = repositoryOf(request);
  const url = `${apiAddress(request.origin, repository)}/pulls/${number}`;
  return { pull_request: { url, html_url: `${webAddress(repository)}/pull/${number}`, merged_at: null } };
}
