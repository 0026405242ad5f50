/** Uploading an object in parts over S3. */
import { receiveFile, receiveText } from '../protocol/body';
import { checkWrite } from './conditions';
import { storedHeaders } from './object-headers';
import { versionHeader } from './object-operations';
import { addVersion, dataFile } from '../object-versions';
import { operation, type Call } from './operation';
import { S3Error } from '../s3-error';
import { dropDraft, newDraft } from '../store';
import {
  addPart,
  createUpload,
  getUpload,
  joinedEtag,
  joinParts,
  listParts,
  listUploads,
  removeUpload,
  type Part,
  type Upload,
} from '../uploads';
import { blocksOf, element, textOf, xmlDocument } from '../protocol/xml';

/** All parts but the last must be this large. */
const SMALLEST_PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

export const createMultipartUpload = operation(
  'CreateMultipartUpload',
  'readwrite',
  ({ store, request, bucket, key }) => {
    const { id } = createUpload(store, bucket, key, storedHeaders(request.headers));
    return {
      body: xmlDocument('InitiateMultipartUploadResult', [
        ['Bucket', bucket],
        ['Key', key],
        ['UploadId', id],
      ]),
    };
  },
);

export const uploadPart = operation('UploadPart', 'readwrite', async (call) => {
  const { store, request, signed, bucket } = call;
  const upload = wantedUpload(call);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
  }
  const draft = newDraft(store);
  try {
    const { md5, checksums } = await receiveFile(request, signed, dataFile(draft));
    addPart(store, bucket, upload, number, md5, dataFile(draft));
    return { headers: { etag: `"${md5}"`, ...checksums } };
  } finally {
    dropDraft(draft);
  }
});

export const completeMultipartUpload = operation('CompleteMultipartUpload', 'readwrite', async (call) => {
  const { store, request, bucket, key } = call;
  const upload = wantedUpload(call);
  const document = await receiveText(request, call.signed);
  const parts = chosenParts(document, listParts(store, bucket, upload));
  const draft = newDraft(store);
  try {
    await joinParts(store, bucket, upload, parts, dataFile(draft));
    const etag = joinedEtag(parts);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const version = { key, deleteMarker: false, etag, size, headers: upload.headers };
    const added = addVersion(store, bucket, draft, version, (current) => checkWrite(store, request.headers, current));
    removeUpload(store, bucket, upload);
    return {
      headers: versionHeader(call, added),
      body: xmlDocument('CompleteMultipartUploadResult', [
        ['Bucket', bucket],
        ['Key', key],
        ['ETag', `"${etag}"`],
      ]),
    };
  } finally {
    dropDraft(draft);
  }
});

export const abortMultipartUpload = operation('AbortMultipartUpload', 'readwrite', (call) => {
  removeUpload(call.store, call.bucket, wantedUpload(call));
  return { status: 204 };
});

export const listPartsOperation = operation('ListParts', 'read', (call) => {
  const upload = wantedUpload(call);
  const parts = listParts(call.store, call.bucket, upload);
  return {
    body: xmlDocument('ListPartsResult', [
      ['Bucket', call.bucket],
      ['Key', call.key],
      ['UploadId', upload.id],
      ['IsTruncated', false],
      ...parts.map(({ number, etag, size, modified }) =>
        element('Part', [
          ['PartNumber', number],
          ['LastModified', modified],
          ['ETag', `"${etag}"`],
          ['Size', size],
        ]),
      ),
    ]),
  };
});

export const listMultipartUploads = operation('ListMultipartUploads', 'read', ({ store, bucket, request }) => {
  const prefix = request.query.get('prefix') ?? '';
  const uploads = listUploads(store, bucket).filter(({ key }) => key.startsWith(prefix));
  return {
    body: xmlDocument('ListMultipartUploadsResult', [
      ['Bucket', bucket],
      ['Prefix', prefix],
      ['IsTruncated', false],
      ...uploads.map(({ key, id, initiated }) =>
        element('Upload', [
          ['Key', key],
          ['UploadId', id],
          ['Initiated', initiated],
        ]),
      ),
    ]),
  };
});

function wantedUpload({ store, bucket, key, request }: Call): Upload {
  return getUpload(store, bucket, key, request.query.get('uploadId') ?? '');
}

function chosenParts(document: string, existing: readonly Part[]): Part[] {
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
