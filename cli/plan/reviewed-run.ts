/** Which run of the workflow `plan` was reviewed: that of the pull request which made the commit that is deployed now. */
import type { Octokit } from '@octokit/core';
import { CommandFailure } from '#clients/failure';
import { github } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import type { Repository } from '#clients/github/own-post';
import { isSameRepository, repositoryOf } from '#clients/github/pull-request';
import type { Terminal } from '../output/terminal';

type GitHub = Pick<Octokit, 'request'>;

const ARTIFACT = 'plan';
const BY_HAND = 'To deploy without a reviewed plan, start the workflow "deploy" by hand.';

/**
 * The same of the repository and with the token of a job.
 *
 * @throws CommandFailure when GitHub refuses
 */
export async function reviewedPlanOf({ env, notify }: Terminal, commit: string): Promise<number> {
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
 * @returns the id of a run that holds the artifact `plan`
 * @throws CommandFailure with what to do
 */
export async function reviewedRun(api: GitHub, repository: Repository, commit: string): Promise<number> {
  return runWithPlan(api, repository, await reviewedHead(api, repository, commit));
}

/** Last commit of the pull request that became the commit. A fork has no reviewed plan, whatever it uploaded. */
async function reviewedHead(api: GitHub, place: Repository, commit: string): Promise<string> {
  const { data: pulls } = await api.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    ...place,
    commit_sha: commit,
  });
  const pull = pulls.find(({ merge_commit_sha, merged_at }) => merge_commit_sha === commit && merged_at !== null);
  if (pull === undefined) {
    throw new CommandFailure(`No pull request was merged as ${commit.slice(0, 7)}, so nobody saw its plan. ${BY_HAND}`);
  }
  if (!isSameRepository(pull.head.repo?.full_name, place)) {
    throw new CommandFailure(`Pull request ${pull.number} came from a fork, which gets no plan. ${BY_HAND}`);
  }
  return pull.head.sha;
}

async function runWithPlan(api: GitHub, place: Repository, head: string): Promise<number> {
  const { data } = await api.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    ...place,
    workflow_id: 'plan.yml',
    event: 'pull_request',
    status: 'success',
    head_sha: head,
  });
  for (const { id } of [...data.workflow_runs].sort((a, b) => b.run_number - a.run_number)) {
    const { data: found } = await api.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
      ...place,
      run_id: id,
      name: ARTIFACT,
    });
    if (found.artifacts.some(({ name, expired }) => name === ARTIFACT && !expired)) return id;
  }
  throw new CommandFailure(`No plan of ${head.slice(0, 7)} is kept: it failed, or is too old. ${BY_HAND}`);
}
