import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/api-error';
import { sameSecret } from '../http/same-secret';

/** A token with its repository permissions. */
export interface GithubToken {
  readonly value: string;
  /** `full`, or permissions such as `secrets:write`; write includes read. */
  readonly permissions: 'full' | readonly string[];
  /** A person's, or that of a workflow's job or of a GitHub App, which speak for nobody. The default is `personal`. */
  readonly kind?: 'personal' | 'actions' | 'app';
  /** Whose personal token it is, by default the owner's of the repository; or the name of the App. */
  readonly login?: string;
  /** Default: it has no end. */
  readonly expiresAt?: Date;
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

/** The token with this value; 401 when there is none. */
export function knownToken(tokens: readonly GithubToken[], value: string): GithubToken {
  const token = tokens.find((candidate) => sameSecret(candidate.value, value));
  const reason = value === '' ? 'Requires authentication' : 'Bad credentials';
  if (token === undefined) throw new ApiError(401, 'unauthorized', reason);
  return token;
}

/** What a repository is, every token may read. */
const EVERYBODY = 'metadata:read';
/** Who it speaks for, only a person's token may ask. */
const PERSONAL = 'user:read';

/**
 * Lets a request through, or answers 403 for a missing permission.
 *
 * @param scope such as `issues:read`, or `issues:read or pull_requests:read`
 */
export function permit(token: GithubToken, scope: string): void {
  if (!mayUse(token, scope)) {
    // GitHub says what kind of token it refuses.
    const by = isPersonal(token) ? 'personal access token' : 'integration';
    throw new ApiError(403, 'forbidden', `Resource not accessible by ${by}`);
  }
}

function isPersonal({ kind = 'personal' }: GithubToken): boolean {
  return kind === 'personal';
}

function mayUse(token: GithubToken, scope: string): boolean {
  const { permissions } = token;
  if (scope === PERSONAL) return isPersonal(token);
  if (scope === EVERYBODY || permissions === 'full') return true;
  return scope
    .split(' or ')
    .some((one) => permissions.includes(one) || permissions.includes(one.replace(':read', ':write')));
}
