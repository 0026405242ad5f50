/** The versions of objects on disk: which there are, adding one, removing one. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { getBucket, noSuchBucket, objectsFolder } from './buckets';
import { attempt, dropDraft, place, readJson, removeFolder, writeJson, type Store } from './store';

/** One version of an object, or a marker that says that the object was deleted. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` for a version made while the bucket did not keep versions: there is at most one of those. */
  readonly id: string;
  readonly deleteMarker: boolean;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly modified: string;
  /** What is answered with the object: its type, its metadata. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredVersion extends ObjectVersion {
  /** Path of the folder with `version.json` and, unless it is a delete marker, `data`. */
  readonly folder: string;
}

export const NULL_VERSION = 'null';
const VERSION_FILE = 'version.json';
const NUMBER_LENGTH = 12;

/** File with a version's bytes, in its folder or in the draft that becomes its folder. */
export function dataFile(folder: string): string {
  return join(folder, 'data');
}

/** All versions of an object, the newest first. */
export function versionsOf(store: Store, bucket: string, key: string): StoredVersion[] {
  return visible(readVersions(keyFolder(store, bucket, key)));
}

/** The newest version, unless the object was deleted. */
export function currentVersion(store: Store, bucket: string, key: string): StoredVersion | undefined {
  const [newest] = versionsOf(store, bucket, key);
  return newest?.deleteMarker ? undefined : newest;
}

/** All versions in a bucket by key (in the order of its bytes), then the newest first. */
export function allVersions(store: Store, bucket: string): StoredVersion[] {
  const folder = objectsFolder(store, bucket);
  const objects = foldersIn(folder).map((name) => visible(readVersions(join(folder, name))));
  return objects
    .filter((versions) => versions.length > 0)
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one!.key), Buffer.from(other!.key)))
    .flat();
}

/**
 * Makes a draft the newest version of an object. Without versioning it takes the place of the one before.
 *
 * @param draft a folder, with `data` in it unless a delete marker is added; it is gone afterwards, also after an error
 * @param check throws when the condition of a write is not met by the current version
 * @throws S3Error NoSuchBucket, or what `check` throws
 */
export function addVersion(
  store: Store,
  bucket: string,
  draft: string,
  version: Omit<ObjectVersion, 'id' | 'modified'>,
  check: (current: StoredVersion | undefined) => void = () => {},
): StoredVersion {
  try {
    for (;;) {
      const added = tryToAdd(store, bucket, draft, version, check);
      if (added !== undefined) return added;
    }
  } finally {
    dropDraft(draft);
  }
}

/** Removes one version for good. Undefined when there is none with this id. */
export function removeVersion(store: Store, bucket: string, key: string, id: string): StoredVersion | undefined {
  const parent = keyFolder(store, bucket, key);
  const removed = readVersions(parent).filter((version) => version.id === id && removeFolder(store, version.folder));
  attempt(() => rmdirSync(parent), ['ENOTEMPTY', 'ENOENT']);
  return removed[0];
}

function tryToAdd(
  store: Store,
  bucket: string,
  draft: string,
  version: Omit<ObjectVersion, 'id' | 'modified'>,
  check: (current: StoredVersion | undefined) => void,
): StoredVersion | undefined {
  const { versioning } = getBucket(store, bucket);
  const parent = keyFolder(store, bucket, version.key);
  const existing = readVersions(parent);
  const newest = existing[0];
  check(newest?.deleteMarker ? undefined : newest);
  const id = versioning === 'Enabled' ? randomBytes(16).toString('hex') : NULL_VERSION;
  const full: ObjectVersion = { ...version, id, modified: new Date().toISOString() };
  writeJson(join(draft, VERSION_FILE), full);
  if (!makeFolder(parent)) throw noSuchBucket();
  const folder = join(parent, nextNumber(newest?.folder));
  if (!place(draft, folder)) return undefined;
  if (id === NULL_VERSION)
    existing.filter((old) => old.id === NULL_VERSION).forEach((old) => removeFolder(store, old.folder));
  return { ...full, folder };
}

function readVersions(folder: string): StoredVersion[] {
  return foldersIn(folder)
    .sort()
    .reverse()
    .flatMap((name) => readVersion(join(folder, name)));
}

/** A second version without an id is left only if the process was killed before it could remove it. */
function visible(versions: StoredVersion[]): StoredVersion[] {
  const newest = versions.find(({ id }) => id === NULL_VERSION);
  return versions.filter((version) => version.id !== NULL_VERSION || version === newest);
}

function readVersion(folder: string): StoredVersion[] {
  const version = readJson<ObjectVersion>(join(folder, VERSION_FILE));
  return version === undefined ? [] : [{ ...version, folder }];
}

/** False when the folder around it is gone. */
function makeFolder(path: string): boolean {
  return attempt(() => void attempt(() => mkdirSync(path, { mode: 0o700 }), ['EEXIST']), ['ENOENT']);
}

function nextNumber(newest: string | undefined): string {
  const number = newest === undefined ? 1 : Number(newest.slice(-NUMBER_LENGTH)) + 1;
  return String(number).padStart(NUMBER_LENGTH, '0');
}

function keyFolder(store: Store, bucket: string, key: string): string {
  return join(objectsFolder(store, bucket), createHash('sha256').update(key).digest('hex'));
}

function foldersIn(folder: string): string[] {
  let names: string[] = [];
  attempt(() => {
    names = readdirSync(folder);
  }, ['ENOENT']);
  return names;
}
