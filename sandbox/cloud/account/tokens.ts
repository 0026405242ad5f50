import { ApiError } from '../api/api-error';
import { sameSecret } from '../api/same-secret';

/** A personal access token. Scopes are `<kind>:<create|read|update|delete>`, as in the control panel. */
export interface ApiToken {
  readonly name: string;
  readonly value: string;
  /** `full` may do everything. */
  readonly scopes: 'full' | readonly string[];
}

/**
 * What the cloud controller manager and the CSI driver do inside the cluster, as docs/delivery.md has it. The list of
 * scopes in DigitalOcean's API reference has no `update` for volumes and snapshots, and no `delete` for actions.
 */
const CLUSTER_SCOPES: readonly string[] = [
  'account:read',
  'actions:read',
  'block_storage:create',
  'block_storage:delete',
  'block_storage:read',
  'block_storage_action:create',
  'block_storage_action:read',
  'block_storage_snapshot:create',
  'block_storage_snapshot:delete',
  'block_storage_snapshot:read',
  'droplet:read',
  'image:read',
  'load_balancer:read',
  'regions:read',
  'sizes:read',
  'snapshot:read',
  'tag:create',
  'tag:read',
  'vpc:read',
];

/** The tokens of the account: one for deploys, a narrower one for what runs in the cluster. */
export function accountTokens({ deploy, cluster }: { deploy: string; cluster: string }): readonly ApiToken[] {
  return [
    { name: 'deploy', value: deploy, scopes: 'full' },
    { name: 'cluster', value: cluster, scopes: CLUSTER_SCOPES },
  ];
}

/** The token with this value; 401 when there is none. */
export function knownToken(tokens: readonly ApiToken[], value: string): ApiToken {
  const token = tokens.find((candidate) => sameSecret(candidate.value, value));
  if (token === undefined) throw new ApiError(401, 'unauthorized', 'Unable to authenticate you');
  return token;
}

/** Lets a request through, or answers 401 for an unknown token and 403 for a missing scope. */
export function authorise(tokens: readonly ApiToken[], value: string, scope: string): void {
  const token = knownToken(tokens, value);
  if (token.scopes !== 'full' && !token.scopes.includes(scope)) {
    throw new ApiError(403, 'forbidden', 'You are not authorized to perform this operation');
  }
}
