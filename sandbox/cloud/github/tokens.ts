import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/api-error';
import { sameSecret } from '../http/same-secret';

/** A token with its repository permissions. */
export interface GithubToken {
  readonly value: string;
  /** `full`, or permissions such as `secrets:write`; write includes read. */
  readonly permissions: 'full' | readonly string[];
  /** A person's, or that of a workflow's job, which speaks for nobody. The default is `personal`. */
  readonly kind?: 'personal' | 'actions';
  /** Whose personal token it is; the default is the owner of the first repository. */
  readonly login?: string;
}

/** Makes a token that is good until the sandbox stops: a person's, or that of a job. @returns its value */
export function makeToken(
  tokens: GithubToken[],
  kind: NonNullable<GithubToken['kind']>,
  permissions: readonly string[],
): string {
  const value = `${kind === 'actions' ? 'ghs' : 'github_pat'}_${randomBytes(18).toString('hex')}`;
  tokens.push({ value, permissions, kind });
  return value;
}

/** Every token may read what a repository is. */
const ALWAYS = 'metadata:read';

/**
 * Lets a request through, or answers 401 for an unknown token and 403 for a missing permission.
 *
 * @param permissions one of these is enough
 */
export function authorise(tokens: readonly GithubToken[], value: string, permissions: readonly string[]): void {
  const token = knownToken(tokens, value);
  const { permissions: granted } = token;
  if (granted === 'full' || permissions.includes(ALWAYS)) return;
  const enough = permissions.flatMap((permission) => [permission, permission.replace(':read', ':write')]);
  if (!enough.some((permission) => granted.includes(permission))) throw notAccessible(token);
}

/** The token with this value; 401 when there is none. */
export function knownToken(tokens: readonly GithubToken[], value: string): GithubToken {
  const token = tokens.find((candidate) => sameSecret(candidate.value, value));
  const reason = value === '' ? 'Requires authentication' : 'Bad credentials';
  if (token === undefined) throw new ApiError(401, 'unauthorized', reason);
  return token;
}

/** GitHub says what kind of token it refuses. */
export function notAccessible({ kind }: GithubToken): ApiError {
  const by = kind === 'actions' ? 'integration' : 'personal access token';
  return new ApiError(403, 'forbidden', `Resource not accessible by ${by}`);
}
