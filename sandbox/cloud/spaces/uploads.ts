/** Multipart uploads on disk: a folder each, with what the object will be and the parts that have come. */
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { getBucket, noSuchBucket, uploadsFolder } from './buckets';
import { S3Error } from './s3-error';
import { attempt, dropDraft, newDraft, place, removeFolder, type Store } from './store';

export interface Upload {
  readonly id: string;
  readonly key: string;
  /** ISO 8601. */
  readonly initiated: string;
  /** What will be answered with the object. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Part {
  readonly number: number;
  /** MD5 in hexadecimal. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601. */
  readonly modified: string;
}

const UPLOAD_FILE = 'upload.json';
const PART_FILE = /^(\d{5})\.([0-9a-f]{32})$/;

export function createUpload(store: Store, bucket: string, key: string, headers: Upload['headers']): Upload {
  getBucket(store, bucket);
  const upload: Upload = { id: randomBytes(16).toString('hex'), key, initiated: new Date().toISOString(), headers };
  const draft = newDraft(store);
  writeFileSync(join(draft, UPLOAD_FILE), JSON.stringify(upload), { mode: 0o600 });
  if (place(draft, join(uploadsFolder(store, bucket), upload.id))) return upload;
  dropDraft(draft);
  throw noSuchBucket();
}

/** @throws S3Error NoSuchUpload, also when the upload is for another key */
export function getUpload(store: Store, bucket: string, key: string, id: string): Upload {
  const upload = listUploads(store, bucket).find((candidate) => candidate.id === id && candidate.key === key);
  if (upload === undefined) throw noSuchUpload();
  return upload;
}

/** Uploads that were neither completed nor aborted, by key. */
export function listUploads(store: Store, bucket: string): Upload[] {
  getBucket(store, bucket);
  return readdirSync(uploadsFolder(store, bucket))
    .flatMap((id) => readUpload(join(uploadsFolder(store, bucket), id)))
    .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
}

/** Takes a file over as a part; one of the same number that came before is replaced. */
export function addPart(
  store: Store,
  bucket: string,
  upload: Upload,
  number: number,
  etag: string,
  file: string,
): void {
  const folder = uploadFolder(store, bucket, upload);
  const name = `${String(number).padStart(5, '0')}.${etag}`;
  if (!attempt(() => renameSync(file, join(folder, name)), ['ENOENT'])) throw noSuchUpload();
  const older = readdirSync(folder).filter((other) => other.startsWith(name.slice(0, 6)) && other !== name);
  older.forEach((other) => dropDraft(join(folder, other)));
}

/** The parts that have come, by number. */
export function listParts(store: Store, bucket: string, upload: Upload): Part[] {
  const folder = uploadFolder(store, bucket, upload);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, number, etag] = PART_FILE.exec(name) ?? [];
      if (number === undefined || etag === undefined) return [];
      const { size, mtime } = statSync(join(folder, name));
      return [{ number: Number(number), etag, size, modified: mtime.toISOString() }];
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
  for (const { number, etag } of parts) {
    const part = join(uploadFolder(store, bucket, upload), `${String(number).padStart(5, '0')}.${etag}`);
    await pipeline(createReadStream(part), createWriteStream(file, { flags: 'a', mode: 0o600 }));
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

function readUpload(folder: string): Upload[] {
  let text = '';
  const exists = attempt(() => {
    text = readFileSync(join(folder, UPLOAD_FILE), 'utf8');
  }, ['ENOENT']);
  return exists ? [JSON.parse(text) as Upload] : [];
}

function uploadFolder(store: Store, bucket: string, { id }: Upload): string {
  return join(uploadsFolder(store, bucket), id);
}

function noSuchUpload(): S3Error {
  return new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
}
