import { randomBytes } from 'node:crypto';
import { CLUSTER_SCOPES } from '#config/delivery-access';
import { ApiError } from '../http/api-error';
import { sameSecret } from '../http/same-secret';

/** A personal access token. Scopes are `<kind>:<create|read|update|delete>`, as in the control panel. */
export interface ApiToken {
  readonly name: string;
  readonly value: string;
  /** `full` may do everything. */
  readonly scopes: 'full' | readonly string[];
}

/** The tokens of the account: one for deploys, a narrower one for what runs in the cluster. */
export function accountTokens({ deploy, cluster }: { deploy: string; cluster: string }): ApiToken[] {
  return [
    { name: 'deploy', value: deploy, scopes: 'full' },
    { name: 'cluster', value: cluster, scopes: CLUSTER_SCOPES },
  ];
}

/** Makes a token, as the control panel does. It is good until the sandbox stops. @returns its value */
export function makeToken(tokens: ApiToken[], name: string, scopes: readonly string[]): string {
  const value = `dop_v1_${randomBytes(32).toString('hex')}`;
  tokens.push({ name, value, scopes });
  return value;
}

/** The token with this value; 401 when there is none. */
export function knownToken(tokens: readonly ApiToken[], value: string): ApiToken {
  const token = tokens.find((candidate) => sameSecret(candidate.value, value));
  if (token === undefined) throw new ApiError(401, 'unauthorized', 'Unable to authenticate you');
  return token;
}

/** Lets a request through, or answers 403 for a missing scope. */
export function permit({ scopes }: ApiToken, scope: string): void {
  if (scopes !== 'full' && !scopes.includes(scope)) {
    throw new ApiError(403, 'forbidden', 'You are not authorized to perform this operation');
  }
}
