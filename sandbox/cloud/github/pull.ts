/**
 * Pull requests from a branch of the repository to another one. Source: GitHub's REST API, "Pull requests"; the refusals are
 * those that callers report, such as fork-sync#112 (no commits), pull-request-action#86 (one exists already).
 */
import { z } from 'zod';
import type { RestRequest } from '../http/routes';
import { apiAddress, created, listed, ok, type GithubRoute } from './answers';
import { checked, pullRefused } from './errors';
import { collection, type Caller, type Github } from './github';
import { issues, openPullRequest, postBody, type Issue } from './issue';
import { onRepository, repositoryOf, userOf, type User } from './repository';

/** What a pull request has besides an issue of the same number. */
export interface Pull {
  readonly number: number;
  /** Branches. */
  readonly head: string;
  readonly base: string;
  /** Newest commits of both, as they were when it was merged. */
  merged?: { readonly head: string; readonly base: string; readonly commit: string; readonly by: User };
}

export const pulls = collection<Pull>('pulls', 'number');

const branch = z.string().min(1, 'is missing');
const createRequest = z.object({
  title: z.string().min(1, "title can't be blank").max(256, 'title is too long (maximum is 256 characters)'),
  head: branch,
  base: branch,
  body: postBody.nullable().optional(),
  draft: z.literal(false, 'Draft pull requests are not supported in this repository.').optional(),
});

export const pullRoutes: readonly GithubRoute[] = [
  onRepository('POST /pulls', 'pull_requests:write', async (caller, request) => {
    const { github } = caller;
    const { head: from, base, title, body } = checked('PullRequest', request.body, createRequest);
    const head = ownBranch(github, from);
    await refuseUnfit(github, head, base);
    const { number } = openPullRequest(github, { title, body: body ?? null, author: userOf(caller) });
    return created(await answer(caller, request, pulls.add(github, { number, head, base })));
  }),
  onRepository('GET /pulls', 'pull_requests:read', async (caller, request) => {
    const found = pulls.of(caller.github).filter((one) => isWanted(caller.github, one, request.query));
    const newestFirst = found.toReversed();
    return listed(request, await Promise.all(newestFirst.map((one) => summary(caller, request, one))));
  }),
  onRepository('GET /pulls/{number}', 'pull_requests:read', async (caller, request) =>
    ok(await answer(caller, request, pulls.find(caller.github, request.params['number']))),
  ),
];

/** `owner:branch` is how one of a fork is named; there are none here. */
function ownBranch(github: Github, head: string): string {
  const [, owner, name] = /^(?:([^:]+):)?(.+)$/.exec(head)!;
  const isOurs = owner === undefined || owner.toLowerCase() === repositoryOf(github).owner.login.toLowerCase();
  if (!isOurs) throw pullRefused({ field: 'head', code: 'invalid' });
  return name!;
}

async function refuseUnfit(github: Github, head: string, base: string): Promise<void> {
  const { contents } = github;
  const [ours, theirs] = [await contents.commitOf(base), await contents.commitOf(head)];
  if (theirs === undefined) throw pullRefused({ field: 'head', code: 'invalid' });
  if (ours === undefined) throw pullRefused({ field: 'base', code: 'invalid' });
  if ((await contents.between(ours, theirs)).length === 0) {
    throw pullRefused({ code: 'custom', message: `No commits between ${base} and ${head}` });
  }
  const same = pulls.of(github).some((one) => one.head === head && one.base === base && isOpen(github, one));
  if (!same) return;
  const name = `${repositoryOf(github).owner.login}:${head}`;
  throw pullRefused({ code: 'custom', message: `A pull request already exists for ${name}.` });
}

export function isOpen(github: Github, { number }: Pull): boolean {
  return issues.find(github, number).state === 'open';
}

function isWanted(github: Github, pull: Pull, query: URLSearchParams): boolean {
  const [state, head, base] = [query.get('state') ?? 'open', query.get('head'), query.get('base')];
  return (
    (state === 'all' || (state === 'open') === isOpen(github, pull)) &&
    (head === null || head === `${repositoryOf(github).owner.login}:${pull.head}`) &&
    (base === null || base === pull.base)
  );
}

/** Newest commits of both branches; undefined for a branch that is gone. */
interface Commits {
  readonly head: string | undefined;
  readonly base: string | undefined;
}

export async function commitsOf({ contents }: Github, { head, base, merged }: Pull): Promise<Commits> {
  if (merged !== undefined) return { head: merged.head, base: merged.base };
  return { head: await contents.commitOf(head), base: await contents.commitOf(base) };
}

async function summary({ github }: Caller, request: RestRequest, pull: Pull): Promise<object> {
  const { pull_request, ...issue }: Issue = issues.find(github, pull.number);
  const { full_name, owner } = repositoryOf(github);
  const commits = await commitsOf(github, pull);
  const side = (ref: string, sha: string | undefined) => {
    return { label: `${owner.login}:${ref}`, ref, sha, user: owner, repo: { full_name } };
  };
  return {
    ...issue,
    url: apiAddress(request, `/pulls/${pull.number}`),
    issue_url: apiAddress(request, `/issues/${pull.number}`),
    draft: false,
    merged_at: pull_request?.merged_at ?? null,
    merge_commit_sha: pull.merged?.commit ?? null,
    head: side(pull.head, commits.head),
    base: side(pull.base, commits.base),
  };
}

/** One of them is told with what a list leaves out. */
async function answer(caller: Caller, request: RestRequest, pull: Pull): Promise<object> {
  const { github } = caller;
  const { head, base } = await commitsOf(github, pull);
  const known = head !== undefined && base !== undefined;
  const mergeable = known && pull.merged === undefined ? await github.contents.fit(base, head) : null;
  return {
    ...(await summary(caller, request, pull)),
    merged: pull.merged !== undefined,
    merged_by: pull.merged?.by ?? null,
    mergeable,
    commits: known ? (await github.contents.between(base, head)).length : 0,
  };
}
