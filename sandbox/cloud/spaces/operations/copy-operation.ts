/** Copying an object, or one of its versions, over S3. */
import { copyFileSync } from 'node:fs';
import { authorise } from '../access-keys';
import { getBucket } from '../buckets';
import { checkRead, checkWrite } from './conditions';
import { storedHeaders } from './object-headers';
import { findVersion, versionHeader } from './object-operations';
import { addVersion, dataFile, type StoredVersion } from '../object-versions';
import { operation, type Call } from './operation';
import { S3Error } from '../s3-error';
import { dropDraft, newDraft } from '../store';
import { xmlDocument } from '../protocol/xml';

export const copyObject = operation('CopyObject', 'readwrite', (call) => {
  const { store, request, bucket, key } = call;
  const source = copySource(call);
  const draft = newDraft(store);
  try {
    copyFileSync(dataFile(source.folder), dataFile(draft));
    const replace = request.headers['x-amz-metadata-directive'] === 'REPLACE';
    const headers = replace ? storedHeaders(request.headers) : source.headers;
    const version = { key, deleteMarker: false, etag: source.etag, size: source.size, headers };
    const added = addVersion(store, bucket, draft, version, (current) => checkWrite(store, request.headers, current));
    const body = xmlDocument('CopyObjectResult', [
      ['LastModified', added.modified],
      ['ETag', `"${added.etag}"`],
    ]);
    return { headers: versionHeader(call, added), body };
  } finally {
    dropDraft(draft);
  }
});

function copySource({ store, request: { headers }, signed }: Call): StoredVersion {
  const [, bucket, key, version] =
    /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/s.exec(headers['x-amz-copy-source'] ?? '') ?? [];
  if (bucket === undefined || key === undefined) {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source is not <bucket>/<key>.');
  }
  authorise(signed.key, 'read', bucket);
  getBucket(store, bucket);
  const source = findVersion(store, bucket, decodeURIComponent(key), version);
  checkRead({ 'if-match': headers['x-amz-copy-source-if-match'] }, source);
  return source;
}
