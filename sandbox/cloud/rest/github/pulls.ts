import { person } from '#sandbox/cloud/github/actors';
import { getPullRequest, listPullRequests, type PullRequestIssue } from '#sandbox/cloud/github/pull-requests';
import type { PullRequest } from '#sandbox/cloud/github/resources/pull-request';
import { findRepository, type GithubSession } from '#sandbox/cloud/github/session';
import { route, type RestRequest } from '#sandbox/cloud/http/router';
import { apiAddress, actorBody, listAnswer, nodeId, repositoryBody, repositoryOf, type GithubRoute } from './answers';
import { issueBody } from './issues';

export const pullRoutes: readonly GithubRoute[] = [
  route('GET', '/repos/{owner}/{repo}/pulls', async (session, request) => {
    const state = request.query.get('state') ?? 'open';
    const pulls = await listPullRequests(session, repositoryOf(request));
    const wanted = pulls.filter((pull) => state === 'all' || pull.state === state);
    return listAnswer(
      request,
      wanted.map((pull) => bodyFor(session, request, pull)),
    );
  }),
  route('GET', '/repos/{owner}/{repo}/pulls/{number}', async (session, request) => {
    const pull = await getPullRequest(session, repositoryOf(request), Number(request.params['number']));
    return { status: 200, body: bodyFor(session, request, pull) };
  }),
];

function bodyFor({ github }: GithubSession, request: RestRequest, pull: PullRequestIssue): unknown {
  const { origin } = request;
  const repository = findRepository(github.state, repositoryOf(request));
  const { head, base } = pull.pullRequest;
  const own = repositoryBody(repository, origin);
  return {
    ...issueBody(pull, repository, origin),
    node_id: nodeId('PullRequest', pull.id),
    url: `${apiAddress(origin, repository)}/pulls/${pull.number}`,
    issue_url: `${apiAddress(origin, repository)}/issues/${pull.number}`,
    draft: false,
    merged: false,
    merged_at: null,
    merge_commit_sha: null,
    head: { ...branch(head), repo: head.repository === own.full_name ? own : forkBody(head, origin) },
    base: { ...branch(base), user: own.owner, repo: own },
  };

  function branch({ ref, sha }: Pick<PullRequest['head'], 'ref' | 'sha'>) {
    return { label: `${pull.author.login}:${ref}`, ref, sha, user: actorBody(pull.author, origin) };
  }
}

/** Null for a fork that is gone. */
function forkBody({ repository }: PullRequest['head'], origin: string): unknown {
  if (repository === null) return null;
  const [owner, name] = repository.split('/') as [string, string];
  return { ...repositoryBody({ id: person(repository).id, owner, name, private: false }, origin), fork: true };
}
