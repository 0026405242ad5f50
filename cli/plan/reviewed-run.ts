/**
 * Which plan was reviewed: that of the pull request into the deployed branch which became the commit. Whoever can push to the branch of a
 * pull request could still put another file in its place: what a deploy does was reviewed as code, the plan only shows what else changed.
 */
import type { Octokit } from '@octokit/core';
import { CommandFailure } from '#clients/failure';
import { github } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import type { Repository } from '#clients/github/own-post';
import { isSameRepository, repositoryOf } from '#clients/github/pull-request';
import type { Terminal } from '../output/terminal';

type GitHub = Pick<Octokit, 'request'>;

/** Nothing else is deployed. */
export const BRANCH = 'main';
const BY_HAND = 'To deploy without a reviewed plan, start the workflow "deploy" by hand.';

/** Where it is kept: a run, and the name of its artifact. */
export interface ReviewedRun {
  readonly run: number;
  readonly artifact: string;
}

/**
 * The same of the repository and with the token of a job.
 *
 * @throws CommandFailure when GitHub refuses
 */
export async function reviewedPlanOf({ env, notify }: Terminal, commit: string): Promise<ReviewedRun> {
  const repository = repositoryOf(env);
  const client = github(env, notify);
  try {
    return await reviewedRun(client, repository, commit);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw explainGithub(error, 'tell which plan was reviewed', 'actions: read or pull-requests: read');
  }
}

/**
 * @param commit on the branch that is deployed
 * @throws CommandFailure with what to do
 */
export async function reviewedRun(api: GitHub, repository: Repository, commit: string): Promise<ReviewedRun> {
  return runWithPlan(api, repository, await mergedAs(api, repository, commit));
}

interface Merged {
  readonly number: number;
  /** Its last commit, and the name of its branch. */
  readonly head: { readonly sha: string; readonly ref: string };
}

/** The pull request that became the commit. A fork has no reviewed plan, whatever it uploaded. */
async function mergedAs(api: GitHub, place: Repository, commit: string): Promise<Merged> {
  const { data: pulls } = await api.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    ...place,
    commit_sha: commit,
  });
  const pull = pulls.find(
    ({ merge_commit_sha, merged_at, base }) => merge_commit_sha === commit && merged_at !== null && base.ref === BRANCH,
  );
  if (pull === undefined) {
    throw new CommandFailure(
      `No pull request into ${BRANCH} was merged as ${commit.slice(0, 7)}, so nobody saw its plan. ${BY_HAND}`,
    );
  }
  if (!isSameRepository(pull.head.repo?.full_name, place)) {
    throw new CommandFailure(`Pull request ${pull.number} came from a fork, which gets no plan. ${BY_HAND}`);
  }
  return pull;
}

/** The workflow plans only what goes into the branch, and names the artifact after the pull request: another one may have the same commits. */
async function runWithPlan(api: GitHub, place: Repository, { number, head }: Merged): Promise<ReviewedRun> {
  const artifact = `plan-${number}`;
  const { data } = await api.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    ...place,
    workflow_id: 'plan.yml',
    event: 'pull_request',
    status: 'success',
    head_sha: head.sha,
    branch: head.ref,
  });
  for (const { id } of [...data.workflow_runs].sort((a, b) => b.run_number - a.run_number)) {
    const { data: found } = await api.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
      ...place,
      run_id: id,
      name: artifact,
    });
    if (found.artifacts.some(({ name, expired }) => name === artifact && !expired)) return { run: id, artifact };
  }
  throw new CommandFailure(
    `No plan of pull request ${number} at ${head.sha.slice(0, 7)} is kept: it failed, is too old, or was made for another branch. ${BY_HAND}`,
  );
}
