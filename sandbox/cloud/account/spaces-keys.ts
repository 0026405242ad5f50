import { randomBytes } from 'node:crypto';
import type { KeyLookup } from '../spaces/access-keys';
import { notFound, unprocessable } from './errors';
import type { Grant, SpacesKey } from './resources/spaces-key';
import { request, timestamp, type Account, type Session } from './session';
import type { AccountState } from './state';

const PERMISSIONS = ['read', 'readwrite', 'fullaccess'];
const ACCESS_KEY_ALPHABET = 'ABCDEFGHJKLMNPQRTUVWXYZ2346789';

/** Makes a key. The API tells the secret only in this answer. */
export function createSpacesKey(session: Session, name: string, grants: readonly Grant[]): Promise<SpacesKey> {
  const { state } = session.account;
  return request(session, 'spaces_key:create', 'POST', '/v2/spaces/keys', () => {
    check(name, grants);
    const key: SpacesKey = {
      accessKey: `DO00${accessKeySuffix()}`,
      secretKey: randomBytes(32).toString('base64url'),
      name,
      grants: [...grants],
      createdAt: timestamp(),
    };
    state.spacesKeys.push(key);
    return key;
  });
}

export function listSpacesKeys(session: Session): Promise<Omit<SpacesKey, 'secretKey'>[]> {
  const { state } = session.account;
  return request(session, 'spaces_key:read', 'GET', '/v2/spaces/keys', () => state.spacesKeys.map(withoutSecret));
}

export function getSpacesKey(session: Session, accessKey: string): Promise<Omit<SpacesKey, 'secretKey'>> {
  const { state } = session.account;
  return request(session, 'spaces_key:read', 'GET', '/v2/spaces/keys', () => withoutSecret(find(state, accessKey)));
}

export function updateSpacesKey(
  session: Session,
  accessKey: string,
  name: string,
  grants: readonly Grant[],
): Promise<Omit<SpacesKey, 'secretKey'>> {
  const { state } = session.account;
  return request(session, 'spaces_key:update', 'PUT', `/v2/spaces/keys/${accessKey}`, () => {
    const key = find(state, accessKey);
    check(name, grants);
    return withoutSecret(Object.assign(key, { name, grants: [...grants] }));
  });
}

export function deleteSpacesKey(session: Session, accessKey: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'spaces_key:delete', 'DELETE', `/v2/spaces/keys/${accessKey}`, () => {
    const key = find(state, accessKey);
    state.spacesKeys = state.spacesKeys.filter((candidate) => candidate !== key);
  });
}

/** For the emulated Spaces, which checks signatures and grants with it: the owner's own key, and those made through the API. */
export function spacesKeyLookup({ state, spacesOwner }: Account): KeyLookup {
  return (accessKeyId) => {
    if (accessKeyId !== spacesOwner.accessKeyId) return keyOf(state, accessKeyId);
    return { secretKey: spacesOwner.secretAccessKey, grants: [{ bucket: '', permission: 'fullaccess' }] };
  };
}

function keyOf(state: AccountState, accessKey: string): SpacesKey | undefined {
  return state.spacesKeys.find((candidate) => candidate.accessKey === accessKey);
}

function find(state: AccountState, accessKey: string): SpacesKey {
  const key = keyOf(state, accessKey);
  if (key === undefined) throw notFound();
  return key;
}

function withoutSecret({ accessKey, name, grants, createdAt }: SpacesKey): Omit<SpacesKey, 'secretKey'> {
  return { accessKey, name, grants, createdAt };
}

function accessKeySuffix(): string {
  return [...randomBytes(16)].map((byte) => ACCESS_KEY_ALPHABET[byte % ACCESS_KEY_ALPHABET.length]).join('');
}

function check(name: string, grants: readonly Grant[]): void {
  if (name === '') throw unprocessable('name is required');
  for (const { bucket, permission } of grants) {
    if (!PERMISSIONS.includes(permission)) throw unprocessable(`permission ${permission} is invalid`);
    if ((bucket === '') !== (permission === 'fullaccess')) {
      throw unprocessable('fullaccess is for all buckets, other permissions are for one');
    }
  }
}
