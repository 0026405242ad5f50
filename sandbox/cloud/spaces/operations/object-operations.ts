/** Objects over S3: write, read and delete. */
import { createReadStream, openSync } from 'node:fs';
import { receiveFile } from '../body';
import { getBucket } from '../buckets';
import {
  addVersion,
  currentVersion,
  dataFile,
  NULL_VERSION,
  removeVersion,
  versionsOf,
  type ObjectVersion,
  type StoredVersion,
} from '../object-versions';
import { S3Error } from '../s3-error';
import { newDraft, withDraft, type Store } from '../store';
import { checkWrite } from './conditions';
import { operation, type Answer, type Call } from './operation';

interface ByteRange {
  readonly start: number;
  /** The last byte, included. */
  readonly end: number;
}

const KEPT = /^(content-(type|disposition|language|encoding)|cache-control|expires|x-amz-meta-.*)$/;

export const putObject = operation('PutObject', 'readwrite', (call) => {
  const { store, request, bucket, key } = call;
  checkWrite(store, request.headers, findCurrent(call));
  return withDraft(store, async (draft) => {
    const { size, md5 } = await receiveFile(request, dataFile(draft));
    const version = { key, deleteMarker: false, etag: md5, size, headers: storedHeaders(call) };
    const added = addVersion(store, bucket, draft, version, (current) => checkWrite(store, request.headers, current));
    return { headers: { etag: `"${md5}"`, ...versionHeader(call, added) } };
  });
});

export const getObject = operation('GetObject', 'read', (call): Answer => {
  const version = wantedVersion(call);
  const { size } = version;
  const range = byteRange(call.request.headers.range, size);
  // Opened at once: the version may be removed while it is sent.
  const body = createReadStream('', { fd: openSync(dataFile(version.folder), 'r'), ...range });
  const headers = objectHeaders(call, version);
  if (range === undefined) return { headers: { ...headers, 'content-length': size }, body };
  const { start, end } = range;
  const part = { 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${size}` };
  return { status: 206, headers: { ...headers, ...part }, body };
});

export const headObject = operation('HeadObject', 'read', (call) => {
  const version = wantedVersion(call);
  return { headers: { ...objectHeaders(call, version), 'content-length': version.size } };
});

export const deleteObject = operation('DeleteObject', 'readwrite', (call) => {
  const { store, bucket, key, request } = call;
  const { 'if-match': ifMatch } = request.headers;
  if (ifMatch !== undefined) checkWrite(store, { 'if-match': ifMatch }, findCurrent(call));
  const { id, deleteMarker } = remove(store, bucket, key, request.query.get('versionId'));
  return { status: 204, headers: { 'x-amz-version-id': id, 'x-amz-delete-marker': deleteMarker ? 'true' : undefined } };
});

/** Headers that are kept with an object and answered with it. */
export function storedHeaders({ request }: Call): Record<string, string> {
  const kept = Object.entries(request.headers).filter(([name]) => KEPT.test(name));
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries(kept) };
}

/** Tells the version's id, once the bucket keeps versions. */
export function versionHeader({ store, bucket }: Call, { id }: ObjectVersion): Answer['headers'] {
  return getBucket(store, bucket).versioning === undefined ? {} : { 'x-amz-version-id': id };
}

/** The object's current version; only the bucket must exist. */
function findCurrent({ store, bucket, key }: Call): StoredVersion | undefined {
  getBucket(store, bucket);
  return currentVersion(store, bucket, key);
}

/**
 * The current version of an object, or the one that is asked for.
 *
 * @throws S3Error NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
 */
function wantedVersion({ store, bucket, key, request }: Call): StoredVersion {
  getBucket(store, bucket);
  const id = request.query.get('versionId');
  const versions = versionsOf(store, bucket, key);
  const version = id === undefined ? versions[0] : versions.find((candidate) => candidate.id === id);
  if (version?.deleteMarker === false) return version;
  const headers = version && { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.id };
  if (id === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', headers);
  if (version === undefined) throw new S3Error('NoSuchVersion', 'The specified version does not exist.');
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against a delete marker.', headers);
}

function objectHeaders(call: Call, version: StoredVersion): Answer['headers'] {
  return {
    'accept-ranges': 'bytes',
    'last-modified': new Date(version.modified).toUTCString(),
    etag: `"${version.etag}"`,
    ...version.headers,
    ...versionHeader(call, version),
  };
}

/**
 * The part of an object that a Range header asks for; undefined for all of it, also if the header makes no sense.
 *
 * @throws S3Error InvalidRange for a part that the object does not have
 */
function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` });
  }
  return { start, end };
}

/** Deletes for good, or puts a delete marker on top once the bucket keeps versions. */
function remove(store: Store, bucket: string, key: string, wanted: string | undefined): Partial<ObjectVersion> {
  const { versioning } = getBucket(store, bucket);
  if (wanted !== undefined) return removeVersion(store, bucket, key, wanted) ?? { id: wanted };
  if (versioning === undefined) {
    removeVersion(store, bucket, key, NULL_VERSION);
    return {};
  }
  const marker = { key, deleteMarker: true, etag: '', size: 0, headers: {} };
  return addVersion(store, bucket, newDraft(store), marker);
}
