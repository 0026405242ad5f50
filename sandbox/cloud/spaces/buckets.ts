/** Buckets and their settings. */
import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Error } from './s3-error';
import { attempt, dropDraft, newDraft, place, readJson, removeFolder, writeJson, type Store } from './store';

export interface Bucket {
  readonly name: string;
  /** Slug of a DigitalOcean region. */
  readonly region: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly acl: BucketAcl;
  /** Undefined until it is set for the first time; after that it can only be suspended. */
  readonly versioning?: 'Enabled' | 'Suspended';
}

export type BucketAcl = 'private' | 'public-read';
type BucketSettings = Pick<Bucket, 'acl' | 'versioning'>;

const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
export function createBucket(store: Store, name: string, settings: { region?: string; acl?: BucketAcl } = {}): Bucket {
  if (!NAME.test(name)) {
    throw new S3Error('InvalidBucketName', 'A bucket name has 3 to 63 lower-case letters, digits and inner dashes.');
  }
  const { region = store.region, acl = 'private' } = settings;
  const bucket: Bucket = { name, region, createdAt: new Date().toISOString(), acl };
  const draft = newDraft(store);
  for (const folder of ['objects', 'uploads']) mkdirSync(join(draft, folder), { mode: 0o700 });
  writeJson(bucketFile(draft), bucket);
  if (place(draft, bucketFolder(store, name))) return bucket;
  dropDraft(draft);
  throw new S3Error(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you own it.',
  );
}

/** Undefined when there is none of that name. */
export function findBucket(store: Store, name: string): Bucket | undefined {
  return NAME.test(name) ? readJson<Bucket>(bucketFile(bucketFolder(store, name))) : undefined;
}

/** @throws S3Error NoSuchBucket */
export function getBucket(store: Store, name: string): Bucket {
  const bucket = findBucket(store, name);
  if (bucket === undefined) throw noSuchBucket();
  return bucket;
}

/** All buckets by name. */
export function listBuckets(store: Store): Bucket[] {
  return readdirSync(store.buckets)
    .sort()
    .flatMap((name) => findBucket(store, name) ?? []);
}

/** Changes settings; those that are not given stay. */
export function updateBucket(store: Store, name: string, settings: Partial<BucketSettings>): Bucket {
  const bucket: Bucket = { ...getBucket(store, name), ...settings };
  const draft = newDraft(store);
  writeJson(bucketFile(draft), bucket);
  const folder = bucketFolder(store, name);
  const written = attempt(() => renameSync(bucketFile(draft), bucketFile(folder)), ['ENOENT']);
  dropDraft(draft);
  if (!written) throw noSuchBucket();
  return bucket;
}

/** @throws S3Error NoSuchBucket, BucketNotEmpty as long as any version of an object is left */
export function deleteBucket(store: Store, name: string): void {
  getBucket(store, name);
  // A folder that is not empty cannot be removed, so no object is lost to a writer that comes in between.
  if (!attempt(() => rmdirSync(objectsFolder(store, name)), ['ENOTEMPTY', 'ENOENT'])) {
    throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
  }
  removeFolder(store, bucketFolder(store, name));
}

export function objectsFolder(store: Store, bucket: string): string {
  return join(bucketFolder(store, bucket), 'objects');
}

export function uploadsFolder(store: Store, bucket: string): string {
  return join(bucketFolder(store, bucket), 'uploads');
}

export function noSuchBucket(): S3Error {
  return new S3Error('NoSuchBucket', 'The specified bucket does not exist');
}

function bucketFolder(store: Store, name: string): string {
  return join(store.buckets, name);
}

function bucketFile(folder: string): string {
  return join(folder, 'bucket.json');
}
