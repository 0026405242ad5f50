/** Pull requests, as far as somebody who comments on them must know them. */
import { randomBytes } from 'node:crypto';
import { person } from './actors';
import { notFound } from './errors';
import { newIssue } from './issues';
import type { Issue } from './resources/issue';
import type { PullRequest } from './resources/pull-request';
import { findRepository, request, type Github, type GithubSession, type RepositoryName } from './session';

/** An issue that is a pull request. */
export interface PullRequestIssue extends Issue {
  readonly pullRequest: PullRequest;
}

export interface OpenedPullRequest {
  /** The default is the next free one. */
  readonly number?: number;
  readonly title?: string;
  /** Full name of the fork that it comes from; null for a fork that was deleted. The default is no fork. */
  readonly fork?: string | null;
  /** Branch that it comes from. */
  readonly branch?: string;
  /** Commit at its head; a random one when absent. */
  readonly sha?: string;
  /** The default is the first repository. */
  readonly repository?: RepositoryName;
}

/** Somebody opens a pull request for `main`: its author is the owner of the repository or of the fork. */
export function openPullRequest(github: Github, wanted: OpenedPullRequest = {}): PullRequestIssue {
  const { number, title = 'A change', fork, branch = 'change', sha = randomSha() } = wanted;
  const repository = findRepository(github.state, wanted.repository ?? github.state.repositories[0]!);
  const full = `${repository.owner}/${repository.name}`;
  const pullRequest: PullRequest = {
    head: { ref: branch, sha, repository: fork === undefined ? full : fork },
    base: { ref: 'main', sha: randomSha() },
  };
  if (repository.issues.some((issue) => issue.number === number)) throw new Error(`number ${number} is taken`);
  const author = person(fork === null ? 'ghost' : (fork ?? full).split('/')[0]!);
  const issue = newIssue(github.state, repository, { title, body: null, author, number, pullRequest });
  github.save();
  return Object.assign(issue, { pullRequest });
}

export function listPullRequests(session: GithubSession, repository: RepositoryName): Promise<PullRequestIssue[]> {
  return request(session, 'pull_requests:read', 'GET', repository, '/pulls', ({ issues }) =>
    issues.filter(isPullRequest).sort((a, b) => b.number - a.number),
  );
}

export function getPullRequest(
  session: GithubSession,
  repository: RepositoryName,
  number: number,
): Promise<PullRequestIssue> {
  return request(session, 'pull_requests:read', 'GET', repository, `/pulls/${number}`, ({ issues }) => {
    const found = issues.filter(isPullRequest).find((issue) => issue.number === number);
    if (found === undefined) throw notFound();
    return found;
  });
}

function isPullRequest(issue: Issue): issue is PullRequestIssue {
  return issue.pullRequest !== undefined;
}

function randomSha(): string {
  return randomBytes(20).toString('hex');
}
