import { getUser } from '../../github/actors';
import { route } from '../router';
import { actorBody, type GithubRoute } from './answers';

export const userRoutes: readonly GithubRoute[] = [
  route('GET', '/user', async (session, { origin }) => ({
    status: 200,
    body: actorBody(await getUser(session), origin),
  })),
];
