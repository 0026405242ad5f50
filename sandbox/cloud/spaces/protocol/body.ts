/** Receives a request's body and checks that it is the one that was signed. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { decodeChunks, isChunked } from './aws-chunked';
import { digestsFor, verifyDigests } from './checksums';
import { S3Error } from '../s3-error';
import type { S3Request } from './s3-request';
import type { SignedRequest } from './signature';

export interface ReceivedBody {
  readonly size: number;
  /** In hexadecimal: an object's ETag. */
  readonly md5: string;
  /** `x-amz-checksum-*` headers that came with the body. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Documents with a call's parameters, such as the list of objects to delete. */
const LARGEST_DOCUMENT = 2 * 1024 * 1024;

/** Writes the body to a new file, which only the owner can read. When it fails, the file may hold a part. */
export async function receiveFile(request: S3Request, signed: SignedRequest, path: string): Promise<ReceivedBody> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await receive(request, signed, async (part) => {
      await file.appendFile(part);
    });
  } finally {
    await file.close();
  }
}

/** The body as text. */
export async function receiveText(request: S3Request, signed: SignedRequest): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  await receive(request, signed, (part) => {
    size += part.length;
    if (size > LARGEST_DOCUMENT) throw new S3Error('MalformedXML', 'The document is too large.');
    parts.push(part);
  });
  return Buffer.concat(parts).toString('utf8');
}

async function receive(
  request: S3Request,
  signed: SignedRequest,
  write: (part: Buffer) => Promise<void> | void,
): Promise<ReceivedBody> {
  const { headers } = request;
  const chunked = isChunked(signed);
  const { data, trailers } = chunked
    ? decodeChunks(request.body, signed)
    : { data: request.body, trailers: new Map<string, string>() };
  const digests = digestsFor(headers);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let size = 0;
  for await (const part of data) {
    size += part.length;
    md5.update(part);
    if (!chunked) sha256.update(part);
    for (const digest of digests.values()) digest.update(part);
    await write(part);
  }
  if (chunked) checkLength(size, headers['x-amz-decoded-content-length']);
  else checkHash(sha256.digest('hex'), signed.payload);
  return { size, md5: md5.digest('hex'), checksums: verifyDigests(digests, headers, trailers) };
}

function checkLength(size: number, announced: string | undefined): void {
  if (announced === undefined) {
    throw new S3Error('MissingContentLength', 'You must provide the header x-amz-decoded-content-length.');
  }
  if (Number(announced) !== size) {
    throw new S3Error('IncompleteBody', 'The body is not as long as x-amz-decoded-content-length says.');
  }
}

function checkHash(found: string, signed: string): void {
  if (signed !== 'UNSIGNED-PAYLOAD' && signed !== found) {
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}
