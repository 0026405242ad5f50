import { getUser } from '#sandbox/cloud/github/actors';
import { route } from '#sandbox/cloud/http/router';
import { actorBody, type GithubRoute } from './answers';

export const userRoutes: readonly GithubRoute[] = [
  route('GET', '/user', async (session, { origin }) => ({
    status: 200,
    body: actorBody(await getUser(session), origin),
  })),
];
