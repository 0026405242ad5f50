/** Multipart uploads on disk: a folder each, with what the object will be and the parts that have come. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { getBucket, noSuchBucket, uploadsFolder } from './buckets';
import { S3Error } from './s3-error';
import { attempt, dropDraft, newDraft, place, readJson, removeFolder, writeJson, type Store } from './store';

export interface Upload {
  readonly id: string;
  readonly key: string;
  /** What will be answered with the object. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Part {
  readonly number: number;
  /** MD5 in hexadecimal. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

const UPLOAD_FILE = 'upload.json';
const PART_FILE = /^(\d{5})\.([0-9a-f]{32})$/;

export function createUpload(store: Store, bucket: string, key: string, headers: Upload['headers']): Upload {
  getBucket(store, bucket);
  const upload: Upload = { id: randomBytes(16).toString('hex'), key, headers };
  const draft = newDraft(store);
  writeJson(join(draft, UPLOAD_FILE), upload);
  if (place(draft, uploadFolder(store, bucket, upload))) return upload;
  dropDraft(draft);
  throw noSuchBucket();
}

/** @throws S3Error NoSuchUpload, also when the upload is for another key */
export function getUpload(store: Store, bucket: string, key: string, id: string): Upload {
  getBucket(store, bucket);
  const known = readdirSync(uploadsFolder(store, bucket)).includes(id);
  const upload = known ? readJson<Upload>(join(uploadFolder(store, bucket, { id }), UPLOAD_FILE)) : undefined;
  if (upload?.key !== key) throw noSuchUpload();
  return upload;
}

/** Takes a file over as a part; one of the same number that came before is replaced. */
export function addPart(store: Store, bucket: string, upload: Upload, part: Omit<Part, 'size'>, file: string): void {
  const folder = uploadFolder(store, bucket, upload);
  const name = partFile(part);
  if (!attempt(() => renameSync(file, join(folder, name)), ['ENOENT'])) throw noSuchUpload();
  const older = readdirSync(folder).filter((other) => other.startsWith(name.slice(0, 6)) && other !== name);
  for (const other of older) rmSync(join(folder, other), { force: true });
}

/** The parts that have come, by number. */
export function listParts(store: Store, bucket: string, upload: Upload): Part[] {
  const folder = uploadFolder(store, bucket, upload);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, number, etag] = PART_FILE.exec(name) ?? [];
      if (number === undefined || etag === undefined) return [];
      return [{ number: Number(number), etag, size: statSync(join(folder, name)).size }];
    });
}

/** Writes parts one after the other into a new file. */
export async function joinParts(
  store: Store,
  bucket: string,
  upload: Upload,
  parts: readonly Part[],
  file: string,
): Promise<void> {
  for (const part of parts) {
    const source = createReadStream(join(uploadFolder(store, bucket, upload), partFile(part)));
    await pipeline(source, createWriteStream(file, { flags: 'a', mode: 0o600 }));
  }
}

/** The ETag of an object that was uploaded in parts: the MD5 of their MD5s, and their number. */
export function joinedEtag(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

export function removeUpload(store: Store, bucket: string, upload: Upload): void {
  removeFolder(store, uploadFolder(store, bucket, upload));
}

function partFile({ number, etag }: Omit<Part, 'size'>): string {
  return `${String(number).padStart(5, '0')}.${etag}`;
}

function uploadFolder(store: Store, bucket: string, { id }: Pick<Upload, 'id'>): string {
  return join(uploadsFolder(store, bucket), id);
}

function noSuchUpload(): S3Error {
  return new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
}
