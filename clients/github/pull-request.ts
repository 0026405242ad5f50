/** The repository and the pull request that a job is about, from what GitHub Actions tells it. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CommandFailure } from '../failure';
import type { Repository } from './own-post';

export interface PullRequest extends Repository {
  readonly number: number;
  /** From another repository: its jobs may not write to this one. */
  readonly isFork: boolean;
}

const jobEvent = z.object({
  pull_request: z
    .object({
      number: z.number(),
      // Null when the fork was deleted.
      head: z.object({ repo: z.object({ full_name: z.string() }).nullable() }),
    })
    .optional(),
});

/**
 * Undefined for a job that is not about a pull request.
 *
 * @throws CommandFailure when this is no job of GitHub Actions
 */
export function pullRequestOf(env: NodeJS.ProcessEnv): PullRequest | undefined {
  const repository = repositoryOf(env);
  const { pull_request: found } = readEvent(required(env, 'GITHUB_EVENT_PATH'));
  if (found === undefined) return undefined;
  return { ...repository, number: found.number, isFork: !isSameRepository(found.head.repo?.full_name, repository) };
}

/** Case does not matter in GitHub's names. */
export function isSameRepository(fullName: string | undefined, { owner, repo }: Repository): boolean {
  return fullName?.toLowerCase() === `${owner}/${repo}`.toLowerCase();
}

/**
 * Repository of the job.
 *
 * @throws CommandFailure when this is no job of GitHub Actions
 */
export function repositoryOf(env: NodeJS.ProcessEnv): Repository {
  const full = required(env, 'GITHUB_REPOSITORY');
  const [, owner, repo] = /^([^/]+)\/([^/]+)$/.exec(full) ?? [];
  if (owner && repo) return { owner, repo };
  throw new CommandFailure(`The environment variable GITHUB_REPOSITORY is ${JSON.stringify(full)}, not owner/name.`);
}

function readEvent(file: string): z.infer<typeof jobEvent> {
  try {
    return jobEvent.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new CommandFailure(`${file}, which GITHUB_EVENT_PATH names, is not an event of GitHub Actions.`, { cause });
  }
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new CommandFailure(
    `The environment variable ${name} is missing. GitHub Actions sets it: only its jobs can write to the repository.`,
  );
}
