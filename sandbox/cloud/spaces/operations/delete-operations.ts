/** Deleting objects over S3: for good, or under a delete marker once the bucket keeps versions. */
import { receiveText } from '../protocol/body';
import { getBucket } from '../buckets';
import { checkWrite } from './conditions';
import { findCurrent } from './object-operations';
import { addVersion, NULL_VERSION, removeVersion, type ObjectVersion } from '../object-versions';
import { operation } from './operation';
import { newDraft, type Store } from '../store';
import { blocksOf, element, textOf, xmlDocument } from '../protocol/xml';

export const deleteObject = operation('DeleteObject', 'readwrite', (call) => {
  const { store, bucket, key, request } = call;
  if (request.headers['if-match'] !== undefined)
    checkWrite(store, { 'if-match': request.headers['if-match'] }, findCurrent(call));
  const { id, deleteMarker } = remove(store, bucket, key, request.query.get('versionId'));
  return { status: 204, headers: { 'x-amz-version-id': id, 'x-amz-delete-marker': deleteMarker ? 'true' : undefined } };
});

export const deleteObjects = operation('DeleteObjects', 'readwrite', async (call) => {
  const document = await receiveText(call.request, call.signed);
  getBucket(call.store, call.bucket);
  const quiet = textOf(document, 'Quiet') === 'true';
  const deleted = blocksOf(document, 'Object').map((block) => {
    const [key, wanted] = [textOf(block, 'Key') ?? '', textOf(block, 'VersionId')];
    const { id, deleteMarker } = remove(call.store, call.bucket, key, wanted);
    return element('Deleted', [
      ['Key', key],
      ['VersionId', wanted],
      ['DeleteMarker', deleteMarker || undefined],
      ['DeleteMarkerVersionId', deleteMarker ? id : undefined],
    ]);
  });
  return { body: xmlDocument('DeleteResult', quiet ? [] : deleted) };
});

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
