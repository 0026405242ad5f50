/** Who may do what: Spaces keys and their grants. */
import { S3Error } from './s3-error';

export type Permission = 'read' | 'readwrite' | 'fullaccess';

export interface AccessKey {
  readonly secretKey: string;
  readonly grants: readonly Grant[];
}

export interface Grant {
  /** Name of a bucket; empty for all of them. */
  readonly bucket: string;
  /** `read`, `readwrite` (objects) or `fullaccess` (also buckets and their settings). */
  readonly permission: string;
}

/** Finds a key by its id; undefined for an unknown one. */
export type KeyLookup = (accessKeyId: string) => AccessKey | undefined;

const RANK: Readonly<Record<string, number>> = { read: 1, readwrite: 2, fullaccess: 3 };

/**
 * Stops a call for which the key has no grant.
 *
 * @param bucket undefined for calls that concern all buckets
 * @throws S3Error AccessDenied
 */
export function authorise(key: AccessKey, permission: Permission, bucket: string | undefined): void {
  const granted = key.grants.some(
    (grant) => (grant.bucket === '' || grant.bucket === bucket) && (RANK[grant.permission] ?? 0) >= RANK[permission]!,
  );
  if (!granted) throw new S3Error('AccessDenied', 'Access Denied');
}
