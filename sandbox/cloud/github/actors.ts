/** Who writes issues and comments. */
import { createHash } from 'node:crypto';
import type { Actor } from './resources/actor';
import { requestAsToken, type Github, type GithubSession } from './session';
import { knownToken, notAccessible, type GithubToken } from './tokens';

/** Its real id. */
const ACTIONS: Actor = { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' };

/** A person; the same login always has the same id. */
export function person(login: string): Actor {
  const id = createHash('sha256').update(login.toLowerCase()).digest().readUInt32BE() % 200_000_000;
  return { login, id, type: 'User' };
}

/** Who a caller is; at the web page that is the owner. */
export function actorOf({ github, token }: GithubSession): Actor {
  const known = token === undefined ? undefined : knownToken(github.tokens, token);
  return known?.kind === 'actions' ? ACTIONS : person(loginOf(github, known));
}

/** What the API tells of the caller. The token of a workflow's job is nobody's, and gets 403. */
export function getUser(session: GithubSession): Promise<Actor> {
  return requestAsToken(session, '/user', (token) => {
    if (token.kind === 'actions') throw notAccessible(token);
    return person(loginOf(session.github, token));
  });
}

function loginOf({ state }: Github, token: GithubToken | undefined): string {
  return token?.login ?? state.repositories[0]!.owner;
}
