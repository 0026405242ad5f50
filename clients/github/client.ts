/** The GitHub API, with a few patient retries. */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling, type ThrottlingOptions } from '@octokit/plugin-throttling';
import { GITHUB_TOKEN, readToken } from '#config/tokens';
import { CommandFailure } from '../failure';

const Client = Octokit.plugin(paginateRest, retry, throttling);

export type GithubClient = InstanceType<typeof Client>;

const DEFAULT_URL = 'https://api.github.com';
/** Also bounds what an interrupted connection costs: the retries are 1 and 4 seconds apart. */
const RETRIES = 2;
const TIMEOUT_MS = 30_000;
/** A job that waits longer for a limit to pass costs more than one that is run again. */
const LONGEST_WAIT_S = 60;
/** GitHub wants one to three seconds between two writes. The emulated one, which is only ever here, does not. */
const ON_THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|localhost):/;
const AT_ONCE = {
  key: () => ({ schedule: (_options: object, work: () => Promise<void>) => work() }),
} as unknown as ThrottlingOptions['write'];

/**
 * @param env GITHUB_TOKEN, and GITHUB_API_URL as GitHub Actions sets it
 * @param notify is told when a limit makes it wait
 * @throws CommandFailure without a token, ConfigError for one that is broken
 */
export function github(env: NodeJS.ProcessEnv, notify: (text: string) => void): GithubClient {
  const auth = readToken(env, GITHUB_TOKEN);
  if (auth === undefined) {
    throw new CommandFailure(
      'The environment variable GITHUB_TOKEN is missing: a token that may write to the repository.',
    );
  }
  const baseUrl = env['GITHUB_API_URL'] || DEFAULT_URL;
  const pace = ON_THIS_MACHINE.test(baseUrl) ? AT_ONCE : undefined;
  const waits = (seconds: number, _options: object, _client: Octokit, retries: number): boolean => {
    if (seconds > LONGEST_WAIT_S || retries >= RETRIES) return false;
    notify(`GitHub asks to wait ${seconds} s: too many requests.\n`);
    return true;
  };
  return new Client({
    auth,
    baseUrl,
    userAgent: 'forge',
    // Failures are told once, in words.
    log: { debug: silent, info: silent, warn: silent, error: silent },
    // As `request.retries` it would repeat refusals, too.
    retry: { retries: RETRIES },
    request: { fetch: fetchInTime },
    // Requests are spaced by token, as GitHub counts them.
    throttle: { id: auth, write: pace, notifications: pace, onRateLimit: waits, onSecondaryRateLimit: waits },
  });
}

const fetchInTime: typeof fetch = (url, options) => fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });

function silent(): void {
  // See `log` above.
}
