/** The pull request that a workflow's job is about, from what GitHub Actions tells it. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { GithubFailure } from './failure';
import type { Repository } from './own-post';

export interface PullRequest extends Repository {
  readonly number: number;
  /** From another repository: whoever opened it may not have us write. */
  readonly isFork: boolean;
}

const event = z.object({
  pull_request: z
    .object({
      number: z.number(),
      head: z.object({ repo: z.object({ full_name: z.string() }).nullable() }),
    })
    .optional(),
});

/** Undefined for an event that is not about a pull request. Throws when this is no job of GitHub Actions. */
export function pullRequestOf(env: NodeJS.ProcessEnv): PullRequest | undefined {
  const repository = repositoryOf(env);
  const path = env['GITHUB_EVENT_PATH'];
  if (!path) throw notInActions('GITHUB_EVENT_PATH');
  const { pull_request: found } = event.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (found === undefined) return undefined;
  const full = `${repository.owner}/${repository.repo}`;
  return { ...repository, number: found.number, isFork: found.head.repo?.full_name !== full };
}

/** Repository of the job. */
export function repositoryOf(env: NodeJS.ProcessEnv): Repository {
  const [owner, repo] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  if (!owner || !repo) throw notInActions('GITHUB_REPOSITORY');
  return { owner, repo };
}

function notInActions(variable: string): GithubFailure {
  return new GithubFailure(`The environment variable ${variable} is missing: GitHub Actions sets it in every job.`);
}
