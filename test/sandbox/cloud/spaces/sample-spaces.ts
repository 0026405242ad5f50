/** An emulated Spaces in a temporary folder, and clients for it. */
import { S3Client } from '@aws-sdk/client-s3';
import type { AccessKey } from '#sandbox/cloud/spaces/access-keys';
import { createBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { startSpaces, type Spaces, type SpacesOptions } from '#sandbox/cloud/spaces/spaces';
import { atEnd } from '#test/at-end';
import { newFolder } from '#test/new-folder';

export const OWNER = { accessKeyId: 'DO00OWNER', secretAccessKey: 'owner-secret-for-tests' };
export const BUCKET = 'forge-state';

export const KEYS: Readonly<Record<string, AccessKey>> = {
  DO00OWNER: { secretKey: OWNER.secretAccessKey, grants: [{ bucket: '', permission: 'fullaccess' }] },
  DO00WRITER: { secretKey: 'writer-secret', grants: [{ bucket: BUCKET, permission: 'readwrite' }] },
  DO00READER: { secretKey: 'reader-secret', grants: [{ bucket: BUCKET, permission: 'read' }] },
  DO00STRANGER: { secretKey: 'stranger-secret', grants: [{ bucket: 'elsewhere', permission: 'readwrite' }] },
};

export interface SampleSpaces extends Spaces {
  readonly folder: string;
  /** A client with one of the keys. */
  readonly client: (accessKeyId?: string) => S3Client;
}

/** Starts one with a bucket in it, which ends with the tests of the file. */
export async function sampleSpaces(
  options: Partial<SpacesOptions> & { versioning?: 'Enabled'; bucket?: false } = {},
): Promise<SampleSpaces> {
  const { versioning, bucket, folder = newFolder('spaces'), ...others } = options;
  const spaces = await startSpaces({
    folder,
    address: '127.0.0.1',
    port: 0,
    region: 'fra1',
    keys: (id) => KEYS[id],
    ...others,
  });
  atEnd(() => spaces.stop());
  if (bucket !== false) createBucket(spaces.store, BUCKET);
  if (versioning) updateBucket(spaces.store, BUCKET, { versioning });
  return { ...spaces, folder, client: (id = OWNER.accessKeyId) => s3Client(spaces.endpoint, id) };
}

export function s3Client(
  endpoint: string,
  accessKeyId: string = OWNER.accessKeyId,
  secretAccessKey?: string,
): S3Client {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: secretAccessKey ?? KEYS[accessKeyId]?.secretKey ?? 'none' },
  });
  atEnd(() => client.destroy());
  return client;
}
