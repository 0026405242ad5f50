/** SSH keys that may read the repository, or write to it. */
import { z } from 'zod';
import { apiAddress, created, listed, NO_CONTENT, ok, type GithubRoute } from './answers';
import { checked, validationFailed } from './errors';
import { collection, nextId, timestampAfter, type Github } from './github';
import type { RestRequest } from '../http/routes';
import { onRepository } from './repository';

const deployKey = z.object({
  id: z.number(),
  title: z.string(),
  /** GitHub drops the comment. */
  key: z
    .string()
    .trim()
    .regex(
      /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*( .*)?$/,
      'key is invalid. You must supply a key in OpenSSH public key format',
    )
    .transform((key) => key.split(' ', 2).join(' ')),
  read_only: z.boolean(),
  verified: z.literal(true),
  created_at: z.string(),
});
type DeployKey = z.infer<typeof deployKey>;
const createRequest = deployKey
  .pick({ title: true, key: true })
  .extend({ read_only: deployKey.shape.read_only.default(false) });

const keys = collection<DeployKey>('keys', 'id');

export const deployKeyRoutes: readonly GithubRoute[] = [
  onRepository('POST /keys', 'administration:write', ({ github }, request) => {
    const wanted = checked('PublicKey', request.body, createRequest);
    // In the whole of GitHub.
    if (keys.of(github).some(({ key }) => key === wanted.key)) {
      throw validationFailed('PublicKey', 'key', 'key is already in use');
    }
    const id = nextId(github, 'keys');
    const added = { id, ...wanted, verified: true as const, created_at: timestampAfter() };
    keys.add(github, added);
    return created(body(request, added));
  }),
  onRepository('GET /keys', 'administration:read', ({ github }, request) =>
    listed(
      request,
      keys.of(github).map((one) => body(request, one)),
    ),
  ),
  onRepository('GET /keys/{id}', 'administration:read', ({ github }, request) =>
    ok(body(request, keys.find(github, request.params['id']))),
  ),
  onRepository('DELETE /keys/{id}', 'administration:write', ({ github }, { params }) => {
    keys.remove(github, keys.find(github, params['id']));
    return NO_CONTENT;
  }),
];

/** Public keys that may read the repository. */
export function deployKeys(github: Github): string[] {
  return keys.of(github).map(({ key }) => key);
}

function body(request: RestRequest, key: DeployKey): unknown {
  return { ...key, url: apiAddress(request, `/keys/${key.id}`) };
}
