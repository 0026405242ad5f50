/** Uploading an object in parts over S3. */
import { receiveFile, receiveText } from '../body';
import { addVersion, dataFile } from '../object-versions';
import { S3Error } from '../s3-error';
import { withDraft } from '../store';
import * as uploads from '../uploads';
import { blocksOf, textOf, xmlDocument } from '../xml';
import { checkWrite } from './conditions';
import { storedHeaders, versionHeader } from './object-operations';
import { operation, type Call } from './operation';

/** All parts but the last must be this large. */
const SMALLEST_PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

export const createMultipartUpload = operation('CreateMultipartUpload', 'readwrite', (call) => {
  const { store, bucket, key } = call;
  const { id } = uploads.createUpload(store, bucket, key, storedHeaders(call));
  return {
    body: xmlDocument('InitiateMultipartUploadResult', [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ]),
  };
});

export const uploadPart = operation('UploadPart', 'readwrite', (call) => {
  const { store, request, bucket } = call;
  const upload = wantedUpload(call);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
  return withDraft(store, async (draft) => {
    const { md5 } = await receiveFile(request, dataFile(draft));
    uploads.addPart(store, bucket, upload, { number, etag: md5 }, dataFile(draft));
    return { headers: { etag: `"${md5}"` } };
  });
});

export const completeMultipartUpload = operation('CompleteMultipartUpload', 'readwrite', async (call) => {
  const { store, request, bucket, key } = call;
  const upload = wantedUpload(call);
  const parts = chosenParts(await receiveText(request), uploads.listParts(store, bucket, upload));
  return withDraft(store, async (draft) => {
    await uploads.joinParts(store, bucket, upload, parts, dataFile(draft));
    const etag = uploads.joinedEtag(parts);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const version = { key, deleteMarker: false, etag, size, headers: upload.headers };
    const added = addVersion(store, bucket, draft, version, (current) => checkWrite(store, request.headers, current));
    uploads.removeUpload(store, bucket, upload);
    return {
      headers: versionHeader(call, added),
      body: xmlDocument('CompleteMultipartUploadResult', [
        ['Bucket', bucket],
        ['Key', key],
        ['ETag', `"${etag}"`],
      ]),
    };
  });
});

export const abortMultipartUpload = operation('AbortMultipartUpload', 'readwrite', (call) => {
  uploads.removeUpload(call.store, call.bucket, wantedUpload(call));
  return { status: 204 };
});

function wantedUpload({ store, bucket, key, request }: Call): uploads.Upload {
  return uploads.getUpload(store, bucket, key, request.query.get('uploadId') ?? '');
}

function chosenParts(document: string, existing: readonly uploads.Part[]): uploads.Part[] {
  const chosen = blocksOf(document, 'Part').map((block) => {
    const number = Number(textOf(block, 'PartNumber'));
    const etag = textOf(block, 'ETag')?.replaceAll('"', '');
    const part = existing.find((candidate) => candidate.number === number && candidate.etag === etag);
    if (part === undefined) throw new S3Error('InvalidPart', `Part ${number} with that ETag was not found.`);
    return part;
  });
  if (chosen.length === 0) throw new S3Error('MalformedXML', 'The list of parts is empty.');
  if (chosen.some(({ number }, index) => number <= (chosen[index - 1]?.number ?? 0))) {
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  if (chosen.slice(0, -1).some(({ size }) => size < SMALLEST_PART)) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return chosen;
}
