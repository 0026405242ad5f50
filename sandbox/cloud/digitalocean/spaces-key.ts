/** Access keys for Spaces. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SpacesCredentials } from '#config/environment';
import { bodyOf, listOf } from '../http/request-body';
import { route } from '../http/routes';
import type { KeyLookup } from '../spaces/access-keys';
import { collection, timestamp, type Account, type Held } from './account';
import { created, one, type DigitalOceanRoute } from './answers';
import { usualRoutes } from './usual-routes';

const grant = z
  .object({
    /** Name of a bucket; empty, with full access, for all of them. */
    bucket: z.string().default(''),
    permission: z.enum(['read', 'readwrite', 'fullaccess'], 'is invalid'),
  })
  .refine(
    ({ bucket, permission }) => (bucket === '') === (permission === 'fullaccess'),
    'fullaccess is for all buckets, other permissions are for one',
  );
const keyRequest = z.object({ name: z.string().min(1, 'is required'), grants: listOf(grant) });

interface SpacesKey extends Held, z.infer<typeof keyRequest> {
  readonly access_key: string;
  readonly secret_key: string;
  readonly created_at: string;
}

const ACCESS_KEY_ALPHABET = 'ABCDEFGHJKLMNPQRTUVWXYZ2346789';

const spacesKeys = collection<SpacesKey>('spaces/keys', 'access_key');

export const spacesKeyRoutes: readonly DigitalOceanRoute[] = [
  // The only answer with the secret.
  route('POST /v2/spaces/keys', 'spaces_key:create', ({ account }, request) => {
    const suffix = [...randomBytes(16)].map((byte) => ACCESS_KEY_ALPHABET[byte % ACCESS_KEY_ALPHABET.length]).join('');
    const made = {
      ...bodyOf(request, keyRequest),
      access_key: `DO00${suffix}`,
      secret_key: randomBytes(32).toString('base64url'),
      created_at: timestamp(),
    };
    return created('key', spacesKeys.add(account, made));
  }),
  ...usualRoutes({ held: spacesKeys, key: 'key', scope: 'spaces_key', body }),
  route('PUT /v2/spaces/keys/{access_key}', 'spaces_key:update', ({ account }, request) => {
    const found = spacesKeys.find(account, request.params['access_key']);
    return one('key', body(account, Object.assign(found, bodyOf(request, keyRequest))));
  }),
];

/**
 * For the emulated Spaces, which checks signatures and grants with it.
 *
 * @param owner the owner's own key, which no API tells of
 */
export function spacesKeyLookup(account: Account, owner: SpacesCredentials): KeyLookup {
  return (id) => {
    if (id === owner.accessKeyId) {
      return { secretKey: owner.secretAccessKey, grants: [{ bucket: '', permission: 'fullaccess' }] };
    }
    const found = spacesKeys.of(account).find(({ access_key }) => access_key === id);
    return found && { secretKey: found.secret_key, grants: found.grants };
  };
}

function body(_account: Account, key: SpacesKey): unknown {
  return { ...key, secret_key: undefined };
}
