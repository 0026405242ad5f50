/** Secrets of Actions. They come in sealed, and never go out. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../http/api-error';
import type { Answer, RestRequest } from '../http/routes';
import { counted, created, NO_CONTENT, ok, type GithubRoute } from './answers';
import { checked, validationFailed } from './errors';
import { collection, timestampAfter, type Github } from './github';
import { actionsName, actionsValue } from './names';
import { onRepository } from './repository';
import { newKeyPair, unseal, type KeyPair } from './sealed-box';

const secret = z.object({
  name: actionsName,
  /** Base64 of the sealed box. */
  encrypted_value: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Secret = z.infer<typeof secret>;

const secretRequest = secret.pick({ encrypted_value: true }).extend({ key_id: z.string() });

/** What secrets are sealed for. */
interface SecretsKey extends KeyPair {
  readonly key_id: string;
}

const secrets = collection<Secret>('secrets', 'name');
const keys = collection<SecretsKey>('public_keys', 'key_id');

export const secretRoutes: readonly GithubRoute[] = [
  onRepository('GET /actions/secrets', 'secrets:read', ({ github }, request) =>
    counted(request, 'secrets', secrets.of(github).map(secretBody)),
  ),
  onRepository('GET /actions/secrets/public-key', 'secrets:read', ({ github }) => ok(publicKey(github))),
  onRepository('PUT /actions/secrets/{name}', 'secrets:write', ({ github }, request) =>
    putSecret(github, request, secrets.of(github), (made) => secrets.add(github, made)),
  ),
  onRepository('GET /actions/secrets/{name}', 'secrets:read', ({ github }, { params }) =>
    ok(secretBody(secrets.find(github, params['name']!.toUpperCase()))),
  ),
  onRepository('DELETE /actions/secrets/{name}', 'secrets:write', ({ github }, { params }) => {
    secrets.remove(github, secrets.find(github, params['name']!.toUpperCase()));
    return NO_CONTENT;
  }),
];

/** What a secret is sealed for. */
export function publicKey(github: Github): { key_id: string; key: string } {
  const { key_id, key } = keys.of(github)[0]!;
  return { key_id, key };
}

/** Makes the key of a new GitHub. */
export function addSecretsKey(github: Github): void {
  const key_id = `${randomInt(10 ** 12, 10 ** 13)}${randomInt(10 ** 5, 10 ** 6)}`;
  keys.add(github, { key_id, ...newKeyPair() });
}

/** @param held in the same place */
export function putSecret(
  github: Github,
  { params, body }: RestRequest,
  held: readonly Secret[],
  add: (made: Secret) => void,
): Answer {
  const name = checked('Secret', params['name'], actionsName);
  const { encrypted_value, key_id } = checked('Secret', body, secretRequest);
  requireBox(github, encrypted_value, key_id);
  const existing = held.find((secret) => secret.name === name);
  if (existing !== undefined) {
    Object.assign(existing, { encrypted_value, updated_at: timestampAfter(existing.updated_at) });
    return NO_CONTENT;
  }
  const created_at = timestampAfter();
  add({ name, encrypted_value, created_at, updated_at: created_at });
  return created({});
}

/** @throws the API's 422 for what was sealed for another key, or is no value */
function requireBox(github: Github, box: string, keyId: string): void {
  const [key] = keys.of(github);
  if (keyId !== key!.key_id) throw validationFailed('Secret', 'key_id', 'is not the current public key');
  const value = unseal(box, key!);
  if (value === undefined) throw new ApiError(422, 'validation_failed', 'There was a problem decrypting your secret');
  checked('Secret', value, actionsValue);
}

/** What everybody may know of one. */
export function secretBody({
  name,
  created_at,
  updated_at,
}: Pick<Secret, 'name' | 'created_at' | 'updated_at'>): unknown {
  return { name, created_at, updated_at };
}
