/** Buckets of the account. They live in the emulated Spaces and answer to Spaces keys, not to tokens. */
import type { SpacesCredentials } from '../../../config/environment';
import { authorise, type AccessKey, type KeyLookup, type Permission } from '../spaces/access-keys';
import * as spaces from '../spaces/buckets';
import { allVersions, removeVersion } from '../spaces/object-versions';
import { S3Error } from '../spaces/s3-error';
import { ApiError, type Endpoint } from '../api/api-error';
import { perform } from '../api/call';
import { noConditions } from '../api/faults';
import { forgetUrn, holdInDefaultProject } from './projects';
import type { Account } from './session';
import { spacesKeyOf } from './spaces-keys';
import { urn } from './urns';

/** Who calls Spaces: with a key, or the control panel, which needs none and meets no faults. */
export interface SpacesSession {
  readonly account: Account;
  readonly credentials: SpacesCredentials | undefined;
}

/** Every key of the account: the owner's own, and those made through the API. */
export function spacesKeyLookup({ state, spacesOwner }: Account): KeyLookup {
  return (accessKeyId) => {
    if (accessKeyId !== spacesOwner.accessKeyId) return spacesKeyOf(state, accessKeyId);
    return { secretKey: spacesOwner.secretAccessKey, grants: [{ bucket: '', permission: 'fullaccess' }] };
  };
}

export function createBucket(
  session: SpacesSession,
  name: string,
  settings: { readonly region: string; readonly acl: spaces.BucketAcl },
): Promise<spaces.Bucket> {
  const { state, store } = session.account;
  return request(session, 'spaces:create', 'PUT', 'fullaccess', name, () => {
    const bucket = spaces.createBucket(store, name, settings);
    holdInDefaultProject(state, urn.space(name));
    return bucket;
  });
}

export function getBucket(session: SpacesSession, name: string): Promise<spaces.Bucket> {
  return request(session, 'spaces:read', 'GET', 'read', name, () => spaces.getBucket(session.account.store, name));
}

export function updateBucket(
  session: SpacesSession,
  name: string,
  settings: Partial<Pick<spaces.Bucket, 'acl' | 'versioning'>>,
): Promise<spaces.Bucket> {
  const { store } = session.account;
  return request(session, 'spaces:update', 'PUT', 'fullaccess', name, () => spaces.updateBucket(store, name, settings));
}

/**
 * Deletes an empty bucket.
 *
 * @param force also deletes what is in it
 */
export function deleteBucket(session: SpacesSession, name: string, force: boolean): Promise<void> {
  const { state, store } = session.account;
  return request(session, 'spaces:delete', 'DELETE', 'fullaccess', name, () => {
    spaces.getBucket(store, name);
    if (force) for (const { key, id } of allVersions(store, name)) removeVersion(store, name, key, id);
    spaces.deleteBucket(store, name);
    forgetUrn(state, urn.space(name));
  });
}

async function request<T>(
  { account, credentials }: SpacesSession,
  operation: string,
  method: Endpoint['method'],
  permission: Permission,
  bucket: string,
  work: () => T,
): Promise<T> {
  const conditions = credentials === undefined ? noConditions() : account.conditions;
  const authorised = () => {
    if (credentials !== undefined) authorise(knownKey(account, credentials), permission, bucket);
    return work();
  };
  const call = { operation, method, url: `https://${bucket}.digitaloceanspaces.com/` };
  return perform(conditions, call, () => asApiErrors(authorised), account.save);
}

function knownKey(account: Account, { accessKeyId, secretAccessKey }: SpacesCredentials): AccessKey {
  const key = spacesKeyLookup(account)(accessKeyId);
  if (key === undefined) throw new S3Error('InvalidAccessKeyId', 'The access key does not exist');
  if (key.secretKey !== secretAccessKey) throw new S3Error('SignatureDoesNotMatch', 'The secret key is wrong');
  return key;
}

function asApiErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof S3Error) throw new ApiError(error.status, error.code, `${error.code}: ${error.message}`);
    throw error;
  }
}
