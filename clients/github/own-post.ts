/** Finds what we wrote earlier: by a marker at its beginning, and by being ours. */
import type { GithubClient } from './client';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** Login of the author that a token writes as; undefined for a program: the token of a job or of a GitHub App may not ask. */
export async function ownLogin(client: GithubClient): Promise<string | undefined> {
  try {
    const { data } = await client.request('GET /user');
    return data.login;
  } catch (error) {
    if ((error as { status?: number }).status === 403) return undefined;
    throw error;
  }
}

interface Post {
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string } | null;
}

/** No person's login can end like this. */
const PROGRAM = '[bot]';

/**
 * A marker alone proves nothing: anybody can write one.
 *
 * @param login from `ownLogin`; undefined for any program, so that there is one post whichever App a job uses
 */
export function isOwn({ body, user }: Post, marker: string, login: string | undefined): boolean {
  const author = user?.login ?? '';
  return (login === undefined ? author.endsWith(PROGRAM) : author === login) && (body ?? '').startsWith(marker);
}
