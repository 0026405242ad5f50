import { ApiError } from '../api/api-error';

/** A personal access token with its repository permissions. */
export interface GithubToken {
  readonly value: string;
  /** `full`, or permissions such as `secrets:write`; write includes read. */
  readonly permissions: 'full' | readonly string[];
}

/** Lets a request through, or answers 401 for an unknown token and 403 for a missing permission. */
export function authorise(tokens: readonly GithubToken[], value: string, permission: string): void {
  const token = tokens.find((candidate) => candidate.value === value);
  if (token === undefined) throw new ApiError(401, 'unauthorized', 'Bad credentials');
  if (token.permissions === 'full' || token.permissions.includes(permission)) return;
  if (token.permissions.includes(permission.replace(':read', ':write'))) return;
  throw new ApiError(403, 'forbidden', 'Resource not accessible by personal access token');
}
