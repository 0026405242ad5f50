/** The emulated GitHub: its API over HTTP, and what happens there without a call of it. */
import { randomUUID } from 'node:crypto';
import { startEmulatedApi, type ListenOptions, type RunningApi } from '../http/emulated-api';
import type { Conditions } from '../http/faults';
import { countRequests } from '../http/request-count';
import { errorBody, type GithubRoute } from './answers';
import { actionsSettingsRoutes } from './actions-settings';
import { addBranch, branchRoutes } from './branch';
import { commentRoutes } from './comment';
import type { Contents } from './contents';
import { deliver, type Delivery, type Resolve } from './deliveries';
import { deployKeyRoutes, deployKeys } from './deploy-key';
import { environmentRoutes } from './environment';
import { environmentSecretRoutes } from './environment-secret';
import { openGithub, type Github, type GithubOptions } from './github';
import { hookRoutes } from './hook';
import { issueRoutes, openPullRequest, type Issue, type OpenedPullRequest } from './issue';
import { pullRoutes } from './pull';
import { mergeRoutes } from './pull-merge';
import { addRepository, repositoryRoutes } from './repository';
import { rulesetRoutes } from './ruleset';
import { loadSodium } from './sealed-box';
import { addSecretsKey, secretRoutes } from './secret';
import { knownToken, makeToken, permit, type GithubToken } from './tokens';
import { variableRoutes } from './variable';

/** Documented limit of a person's tokens. */
const REQUESTS_PER_HOUR = 5000;

/** A new kind of object is a file beside this one, and its line here. */
const GITHUB_ROUTES: readonly GithubRoute[] = [
  ...actionsSettingsRoutes,
  ...branchRoutes,
  ...commentRoutes,
  ...deployKeyRoutes,
  ...environmentRoutes,
  ...environmentSecretRoutes,
  ...hookRoutes,
  ...issueRoutes,
  ...mergeRoutes,
  ...pullRoutes,
  ...repositoryRoutes,
  ...rulesetRoutes,
  ...secretRoutes,
  ...variableRoutes,
];

export interface RunningGithub {
  /** Value of GITHUB_API_URL, and of GITHUB_BASE_URL for Terraform's provider. */
  readonly url: string;
  /** Faults that are still to come. */
  readonly conditions: Conditions;
  /** Makes a token that is good until the sandbox stops: a person's, or that of a job. @returns its value */
  makeToken(kind: NonNullable<GithubToken['kind']>, permissions: readonly string[]): string;
  /** Somebody opens a pull request. */
  openPullRequest(wanted?: OpenedPullRequest): Issue;
  /** Gives it the Git of its repository, which is there later. */
  serve(contents: Contents): void;
  /** Sends an event to the webhooks that listen for it. */
  deliver(event: string, payload: unknown, resolve: Resolve): Promise<Delivery[]>;
  stop(): Promise<void>;
}

/** Starts what was saved, or a new GitHub with its repository. */
export async function startGithub(options: GithubOptions & ListenOptions): Promise<RunningGithub> {
  await loadSodium();
  const github = openGithub(options, (fresh) => {
    addRepository(fresh, options.repository);
    addSecretsKey(fresh);
  });
  const { url, stop } = await startApi(github, options);
  options.admit?.(deployKeys(github));
  return {
    url,
    conditions: github.conditions,
    makeToken: (kind, permissions) => makeToken(github.tokens, kind, permissions),
    openPullRequest: (wanted) => openPullRequest(github, wanted),
    serve: (contents) => void (github.contents = contents),
    deliver: (event, payload, resolve) => {
      if (event === 'push') addBranch(github, (payload as { ref: string }).ref);
      return deliver(github, event, payload, resolve);
    },
    stop,
  };
}

function startApi(github: Github, options: GithubOptions & ListenOptions): Promise<RunningApi> {
  const count = countRequests(REQUESTS_PER_HOUR);
  return startEmulatedApi(
    {
      name: 'GitHub',
      routes: GITHUB_ROUTES,
      conditions: github.conditions,
      // Terraform's provider takes whatever is not api.github.com for a GitHub Enterprise Server.
      prefix: '/api/v3',
      caller: (token) => ({ github, token: knownToken(github.tokens, token) }),
      permit: ({ token }, scope) => permit(token, scope),
      commit: () => {
        github.save();
        options.admit?.(deployKeys(github));
      },
      errorBody,
      headersFor: ({ token }) => endOf(token),
      headers: () => {
        const { limit, used, remaining, reset } = count();
        return {
          'x-github-request-id': randomUUID(),
          'x-github-api-version-selected': '2022-11-28',
          'x-ratelimit-limit': `${limit}`,
          'x-ratelimit-used': `${used}`,
          'x-ratelimit-remaining': `${remaining}`,
          'x-ratelimit-reset': `${reset}`,
          'x-ratelimit-resource': 'core',
        };
      },
    },
    options,
  );
}

/** Of the form that go-github reads in parseTokenExpiration: `2026-12-31 23:59:59 UTC`. */
function endOf({ expiresAt }: GithubToken): Record<string, string> {
  if (expiresAt === undefined) return {};
  const time = expiresAt.toISOString().slice(0, 19).replace('T', ' ');
  return { 'github-authentication-token-expiration': `${time} UTC` };
}
