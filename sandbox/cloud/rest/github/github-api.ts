/** GitHub's API over HTTP, on top of the emulated GitHub. */
import { randomUUID } from 'node:crypto';
import { withGithubToken, type Github } from '#sandbox/cloud/github/session';
import { knownToken } from '#sandbox/cloud/github/tokens';
import { countRequests } from '#sandbox/cloud/http/request-count';
import { startRestApi, type ListenOptions, type RunningApi } from '#sandbox/cloud/http/rest-server';
import { actionsRoutes } from './actions';
import { errorBody, type GithubRoute } from './answers';
import { commentRoutes } from './comments';
import { issueRoutes } from './issues';
import { pullRoutes } from './pulls';
import { repositoryRoutes } from './repositories';
import { userRoutes } from './user';

/** Documented limit of a person's tokens. */
const REQUESTS_PER_HOUR = 5000;

export const GITHUB_ROUTES: readonly GithubRoute[] = [
  ...actionsRoutes,
  ...commentRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...repositoryRoutes,
  ...userRoutes,
];

/** Its URL is the value for GITHUB_API_URL. Faults are those of the emulated GitHub: see rate-limits.ts for two. */
export function startGithubApi(github: Github, options: ListenOptions): Promise<RunningApi> {
  const count = countRequests(REQUESTS_PER_HOUR);
  return startRestApi(
    {
      name: 'GitHub',
      routes: GITHUB_ROUTES,
      session: (token) => {
        knownToken(github.tokens, token);
        return withGithubToken(github, token);
      },
      errorBody,
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
