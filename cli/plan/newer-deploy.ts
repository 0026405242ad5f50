/** Whether a newer commit was deployed: a run of the workflow `deploy` that waited, or is run again, must not take it back. */
import { CommandFailure } from '#clients/failure';
import { github, type GithubClient } from '#clients/github/client';
import { explainGithub } from '#clients/github/failure';
import type { Repository } from '#clients/github/own-post';
import { repositoryOf } from '#clients/github/pull-request';
import type { Terminal } from '../output/terminal';
import { BRANCH } from './reviewed-run';

/** What changes something first. A test holds the workflow to it. */
export const FIRST_CHANGE = 'Deploy network';

interface Run {
  readonly id: number;
  readonly run_number: number;
  readonly head_sha: string;
  readonly html_url: string;
}

/**
 * Of the run of the job.
 *
 * @throws CommandFailure when there is one, and when this is no job of GitHub Actions
 */
export async function refuseNewerDeploy({ env, notify }: Terminal): Promise<void> {
  const repository = repositoryOf(env);
  const [number, commit] = [Number(env['GITHUB_RUN_NUMBER']), env['GITHUB_SHA'] ?? ''];
  if (!(number > 0) || commit === '') throw new CommandFailure('This is no run of the workflow deploy.');
  try {
    const newer = await newerDeploy(github(env, notify), repository, { number, commit });
    if (newer !== undefined) throw takesBack(newer, commit);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw explainGithub(error, 'tell what was deployed', 'actions: read');
  }
}

/** The newest run for another commit that began to change something after this one was made. */
async function newerDeploy(
  api: GithubClient,
  place: Repository,
  own: { readonly number: number; readonly commit: string },
): Promise<Run | undefined> {
  const pages = api.paginate.iterator('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    ...place,
    workflow_id: 'deploy.yml',
    branch: BRANCH,
    per_page: 100,
  });
  // Newest first.
  for await (const { data } of pages) {
    for (const run of data as readonly Run[]) {
      if (run.run_number <= own.number) return undefined;
      if (run.head_sha !== own.commit && (await hasBegun(api, place, run))) return run;
    }
  }
  return undefined;
}

async function hasBegun(api: GithubClient, place: Repository, { id }: Run): Promise<boolean> {
  const jobs = await api.paginate('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', {
    ...place,
    run_id: id,
    filter: 'all',
    per_page: 100,
  });
  const steps = jobs.flatMap(({ steps = [] }) => steps).filter(({ name }) => name === FIRST_CHANGE);
  return steps.some(({ status, conclusion }) => status === 'in_progress' || ![null, 'skipped'].includes(conclusion));
}

function takesBack({ head_sha, html_url }: Run, commit: string): CommandFailure {
  return new CommandFailure(
    `${head_sha.slice(0, 7)} is deployed, which is newer than ${commit.slice(0, 7)} of this run: ${html_url}\n` +
      `Deploying this one would take back what came since. To deploy ${BRANCH} as it is, start the workflow "deploy" by hand; to go back, revert in Git.`,
  );
}
