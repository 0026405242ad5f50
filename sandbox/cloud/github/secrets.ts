/** Secrets of a repository and of its environments. They come in sealed, and never go out. */
import { ApiError } from '../http/api-error';
import { findEnvironment } from './environments';
import { notFound, validationFailed } from './errors';
import { canonicalName, checkSize } from './names';
import type { BoxKeys } from './resources/box-keys';
import type { Repository } from './resources/repository';
import type { StoredSecret } from './resources/secret';
import { unseal } from './sealed-box';
import { findRepository, request, timestampAfter } from './session';
import type { Github, GithubSession, RepositoryName } from './session';

/** Where a secret is: in the repository, or in one of its environments. */
export interface SecretPlace extends RepositoryName {
  readonly environment?: string;
}

/** What the API tells of a secret. */
export type SecretInfo = Omit<StoredSecret, 'box'>;

interface Holder {
  readonly keys: BoxKeys;
  secrets: StoredSecret[];
}

/** The key that secrets for a place must be sealed for. */
export function getPublicKey(session: GithubSession, place: SecretPlace): Promise<{ id: string; key: string }> {
  return request(session, 'secrets:read', 'GET', place, `${below(place)}/public-key`, (found) => {
    const { id, publicKey } = holder(found, place).keys;
    return { id, key: publicKey };
  });
}

/** Makes or replaces a secret. */
export function putSecret(
  session: GithubSession,
  place: SecretPlace,
  name: string,
  sealed: { readonly keyId: string; readonly box: string },
): Promise<SecretInfo> {
  return request(session, 'secrets:write', 'PUT', place, `${below(place)}/${name}`, (found) => {
    const canonical = canonicalName('Secret', name);
    const { keys, secrets } = holder(found, place);
    if (sealed.keyId !== keys.id) throw validationFailed('Secret', 'key_id', 'is not the current public key');
    const value = unseal(sealed.box, keys);
    if (value === undefined) throw new ApiError(422, 'validation_failed', 'There was a problem decrypting your secret');
    checkSize('Secret', value);
    const existing = secrets.find((secret) => secret.name === canonical);
    if (existing !== undefined) {
      return info(Object.assign(existing, { box: sealed.box, updatedAt: timestampAfter(existing.updatedAt) }));
    }
    const createdAt = timestampAfter();
    const secret: StoredSecret = { name: canonical, box: sealed.box, createdAt, updatedAt: createdAt };
    secrets.push(secret);
    return info(secret);
  });
}

export function listSecrets(session: GithubSession, place: SecretPlace): Promise<SecretInfo[]> {
  return request(session, 'secrets:read', 'GET', place, below(place), (found) =>
    holder(found, place).secrets.map(info),
  );
}

export function getSecret(session: GithubSession, place: SecretPlace, name: string): Promise<SecretInfo> {
  return request(session, 'secrets:read', 'GET', place, `${below(place)}/${name}`, (found) =>
    info(find(holder(found, place), name)),
  );
}

export function deleteSecret(session: GithubSession, place: SecretPlace, name: string): Promise<void> {
  return request(session, 'secrets:write', 'DELETE', place, `${below(place)}/${name}`, (found) => {
    const where = holder(found, place);
    const secret = find(where, name);
    where.secrets = where.secrets.filter((candidate) => candidate !== secret);
  });
}

/** The value of a secret, as a workflow of the repository would see it. No call of the API gives it. */
export function secretForWorkflow({ state }: Github, place: SecretPlace, name: string): string | undefined {
  const where = holder(findRepository(state, place), place);
  const secret = where.secrets.find((candidate) => candidate.name === name.toUpperCase());
  return secret === undefined ? undefined : unseal(secret.box, where.keys);
}

function below({ environment }: SecretPlace): string {
  return environment === undefined ? '/actions/secrets' : `/environments/${environment}/secrets`;
}

function holder(repository: Repository, { environment }: SecretPlace): Holder {
  return environment === undefined ? repository : findEnvironment(repository, environment);
}

function find({ secrets }: Holder, name: string): StoredSecret {
  const secret = secrets.find((candidate) => candidate.name === name.toUpperCase());
  if (secret === undefined) throw notFound();
  return secret;
}

function info({ name, createdAt, updatedAt }: StoredSecret): SecretInfo {
  return { name, createdAt, updatedAt };
}
