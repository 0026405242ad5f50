/** The GitHub API, with a few patient retries. */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { GithubFailure } from './failure';

const Client = Octokit.plugin(paginateRest, retry, throttling);

export type GithubClient = InstanceType<typeof Client>;

const DEFAULT_URL = 'https://api.github.com';
/** A job that waits longer for a limit to pass costs more than one that is run again. */
const LONGEST_WAIT_S = 60;

/**
 * @param env GITHUB_TOKEN, and GITHUB_API_URL as GitHub Actions sets it
 * @param notify is told when a limit makes it wait
 * @throws GithubFailure without a token
 */
export function github(env: NodeJS.ProcessEnv, notify: (text: string) => void): GithubClient {
  const auth = env['GITHUB_TOKEN'];
  if (!auth) throw new GithubFailure('The environment variable GITHUB_TOKEN is missing.');
  const waits = (seconds: number, _: object, __: Octokit, retries: number): boolean => {
    if (seconds > LONGEST_WAIT_S || retries > 1) return false;
    notify(`GitHub asks to wait ${seconds} s: too many requests.\n`);
    return true;
  };
  return new Client({
    auth,
    baseUrl: env['GITHUB_API_URL'] || DEFAULT_URL,
    userAgent: 'forge',
    // Failures are told once, in words.
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    throttle: { onRateLimit: waits, onSecondaryRateLimit: waits },
  });
}

function quiet(): void {
  // Nothing: see `log` above.
}
