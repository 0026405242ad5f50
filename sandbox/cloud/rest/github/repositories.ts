import { request as perform } from '#sandbox/cloud/github/session';
import { route } from '#sandbox/cloud/http/router';
import { repositoryBody, repositoryOf, type GithubRoute } from './answers';

export const repositoryRoutes: readonly GithubRoute[] = [
  route('GET', '/repos/{owner}/{repo}', (session, request) =>
    perform(session, 'metadata:read', 'GET', repositoryOf(request), '', (found) => ({
      status: 200,
      body: repositoryBody(found, request.origin),
    })),
  ),
];
