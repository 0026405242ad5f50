/** Finds what we wrote earlier: by a marker at its beginning, and by being ours. */
import type { GithubClient } from './client';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** Login of the author that a token writes as. */
export async function ownLogin(client: GithubClient): Promise<string> {
  try {
    const { data } = await client.request('GET /user');
    return data.login;
  } catch (error) {
    // The token of a workflow's job may not ask who it is.
    if ((error as { status?: number }).status === 403) return 'github-actions[bot]';
    throw error;
  }
}

interface Post {
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string } | null;
}

/** A marker alone proves nothing: anybody can write one. */
export function isOwn({ body, user }: Post, marker: string, login: string): boolean {
  return user?.login === login && (body ?? '').startsWith(marker);
}
