/** Objects over S3: write and read. */
import { createReadStream, openSync } from 'node:fs';
import { receiveFile } from '../protocol/body';
import { byteRange } from '../protocol/byte-range';
import { getBucket } from '../buckets';
import { checkRead, checkWrite } from './conditions';
import { storedHeaders } from './object-headers';
import {
  addVersion,
  currentVersion,
  dataFile,
  versionsOf,
  type ObjectVersion,
  type StoredVersion,
} from '../object-versions';
import { operation, type Answer, type Call } from './operation';
import { S3Error } from '../s3-error';
import { dropDraft, newDraft, type Store } from '../store';

export const putObject = operation('PutObject', 'readwrite', async (call) => {
  const { store, request, signed, bucket, key } = call;
  checkWrite(store, request.headers, findCurrent(call));
  const draft = newDraft(store);
  try {
    const { size, md5, checksums } = await receiveFile(request, signed, dataFile(draft));
    const headers = { ...storedHeaders(request.headers), ...checksums };
    const version = { key, deleteMarker: false, etag: md5, size, headers };
    const added = addVersion(store, bucket, draft, version, (current) => checkWrite(store, request.headers, current));
    return { headers: { etag: `"${md5}"`, ...versionHeader(call, added), ...checksums } };
  } finally {
    dropDraft(draft);
  }
});

export const getObject = operation('GetObject', 'read', (call): Answer => {
  const version = wantedVersion(call);
  checkRead(call.request.headers, version);
  const range = byteRange(call.request.headers.range, version.size);
  // Opened at once: the version may be removed while it is sent.
  const fd = openSync(dataFile(version.folder), 'r');
  const headers = objectHeaders(call, version);
  if (range === undefined) {
    return { headers: { ...headers, 'content-length': version.size }, body: createReadStream('', { fd }) };
  }
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${version.size}`,
    },
    body: createReadStream('', { fd, start, end }),
  };
});

export const headObject = operation('HeadObject', 'read', (call) => {
  const version = wantedVersion(call);
  checkRead(call.request.headers, version);
  return { headers: { ...objectHeaders(call, version), 'content-length': version.size } };
});

/** The object's current version; only the bucket must exist. */
export function findCurrent({ store, bucket, key }: Call): StoredVersion | undefined {
  getBucket(store, bucket);
  return currentVersion(store, bucket, key);
}

/** Tells the version's id, once the bucket keeps versions. */
export function versionHeader({ store, bucket }: Call, { id }: ObjectVersion): Answer['headers'] {
  return getBucket(store, bucket).versioning === undefined ? {} : { 'x-amz-version-id': id };
}

function wantedVersion(call: Call): StoredVersion {
  const { store, bucket, key, request } = call;
  getBucket(store, bucket);
  return findVersion(store, bucket, key, request.query.get('versionId'));
}

/**
 * The current version of an object, or the one with an id.
 *
 * @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
 */
export function findVersion(store: Store, bucket: string, key: string, id: string | undefined): StoredVersion {
  const versions = versionsOf(store, bucket, key);
  const version = id === undefined ? versions[0] : versions.find((candidate) => candidate.id === id);
  if (version === undefined) {
    throw id === undefined
      ? new S3Error('NoSuchKey', 'The specified key does not exist.')
      : new S3Error('NoSuchVersion', 'The specified version does not exist.');
  }
  if (!version.deleteMarker) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.id };
  if (id === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', headers);
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against a delete marker.', headers);
}

function objectHeaders(call: Call, version: StoredVersion): Answer['headers'] {
  const wantsChecksum = call.request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  const whole = call.request.headers.range === undefined;
  const headers = Object.entries(version.headers).filter(
    ([name]) => (wantsChecksum && whole) || !name.startsWith('x-amz-checksum-'),
  );
  return {
    'accept-ranges': 'bytes',
    'last-modified': new Date(version.modified).toUTCString(),
    etag: `"${version.etag}"`,
    ...Object.fromEntries(headers),
    ...versionHeader(call, version),
  };
}
