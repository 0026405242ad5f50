/**
 * Where buckets are kept on disk:
 *
 *     drafts/<random>/                                 what is being written or removed
 *     buckets/<bucket>/bucket.json
 *     buckets/<bucket>/objects/<hash of key>/<number>/ one version of an object: version.json and data
 *     buckets/<bucket>/uploads/<upload id>/            parts of a multipart upload
 *
 * Everything comes into being as a draft and takes its place by one rename of a folder, which fails if another writer
 * was there first. So a killed process leaves no half-written object, and of several writers, in one process or in
 * several, exactly one gets a place.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Store {
  /** Path of the folder that holds the buckets. */
  readonly buckets: string;
  readonly drafts: string;
  /** Region that buckets made through S3 are in. */
  readonly region: string;
  /** False makes a store that takes a conditional write for an unconditional one. */
  readonly honoursConditions: boolean;
}

/** Older drafts are left over from a killed process: no upload takes this long. */
const ABANDONED_AFTER_MS = 24 * 3600_000;

/** Opens the store in a folder, or makes it. Only the owner can read it. */
export function openStore(folder: string, region: string, honoursConditions: boolean): Store {
  const store: Store = { buckets: join(folder, 'buckets'), drafts: join(folder, 'drafts'), region, honoursConditions };
  for (const path of [folder, store.buckets, store.drafts]) mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(store.drafts)) removeAbandoned(join(store.drafts, name));
  return store;
}

/** A new, empty folder for something that is not yet, or no longer, part of a bucket. */
export function newDraft(store: Store): string {
  const path = join(store.drafts, randomUUID());
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Works on a new draft. What is left of it afterwards is removed. */
export async function withDraft<T>(store: Store, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = newDraft(store);
  try {
    return await work(draft);
  } finally {
    dropDraft(draft);
  }
}

/** Removes a draft, if it still is one. */
export function dropDraft(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Takes a folder out of a bucket at once, then deletes it. False when it was not there. */
export function removeFolder(store: Store, path: string): boolean {
  const draft = join(store.drafts, randomUUID());
  if (!attempt(() => renameSync(path, draft), ['ENOENT'])) return false;
  dropDraft(draft);
  return true;
}

/** Puts a draft in its place. False when something is there already, or the folder around the place is gone. */
export function place(draft: string, path: string): boolean {
  return attempt(() => renameSync(draft, path), ['ENOTEMPTY', 'EEXIST', 'ENOENT']);
}

/** Performs a file operation. False when it failed in one of the expected ways. */
export function attempt(operation: () => void, expected: readonly string[]): boolean {
  try {
    operation();
    return true;
  } catch (error) {
    if (expected.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Undefined when the file, or the folder around it, is not there. */
export function readJson<T>(path: string): T | undefined {
  let text: string | undefined;
  attempt(() => {
    text = readFileSync(path, 'utf8');
  }, ['ENOENT', 'ENOTDIR']);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** Writes a file that only the owner can read. */
export function writeJson(path: string, content: unknown): void {
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
}

function removeAbandoned(path: string): void {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
  if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) dropDraft(path);
}
