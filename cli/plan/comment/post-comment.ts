/** Puts the plan on its pull request: one comment, which is edited from then on. */
import { github, type GithubClient } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import { isOwn, ownLogin } from '#clients/github/own-post';
import { pullRequestOf, type PullRequest } from '#clients/github/pull-request';
import type { Terminal } from '#cli/output/terminal';

const PERMISSION = 'pull-requests: write';

/**
 * @param comment begins with its marker, on a line of its own
 * @returns what was done, for the person
 * @throws CommandFailure when GitHub refuses
 */
export async function postComment({ env, notify }: Terminal, comment: string): Promise<string> {
  const pull = pullRequestOf(env);
  if (pull === undefined) return 'No comment: this job is not about a pull request.';
  if (pull.isFork) return 'No comment: the pull request comes from a fork. The summary of the job has the plan.';
  const client = github(env, notify);
  try {
    return await write(client, pull, comment);
  } catch (error) {
    throw explainGithub(error, `take the comment on pull request ${pull.number}`, PERMISSION);
  }
}

async function write(client: GithubClient, pull: PullRequest, body: string): Promise<string> {
  const { owner, repo, number } = pull;
  const marker = body.slice(0, body.indexOf('\n'));
  const existing = await ownComment(client, pull, marker);
  if (existing === undefined) {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const { data } = await client.request(route, { owner, repo, issue_number: number, body });
    return `Commented: ${data.html_url}`;
  }
  if (existing.body === body) return `The comment says it already: ${existing.html_url}`;
  const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
  const { data } = await client.request(route, { owner, repo, comment_id: Number(existing.id), body });
  return `Comment edited: ${data.html_url}`;
}

async function ownComment(client: GithubClient, { owner, repo, number }: PullRequest, marker: string) {
  const login = await ownLogin(client);
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const comments = await client.paginate(route, { owner, repo, issue_number: number, per_page: 100 });
  return comments.find((comment) => isOwn(comment, marker, login));
}
