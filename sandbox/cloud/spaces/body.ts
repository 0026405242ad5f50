/** Receives a request's body and checks that it is the one that was signed. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { S3Request } from './request';
import { S3Error } from './s3-error';

export interface ReceivedBody {
  readonly size: number;
  /** In hexadecimal: an object's ETag. */
  readonly md5: string;
}

interface Digest {
  update(data: Buffer): void;
  base64(): string;
}

/** Documents with a call's parameters, such as the parts of an upload. */
const LARGEST_DOCUMENT = 2 * 1024 * 1024;
const EMPTY_SHA256 = createHash('sha256').digest('hex');
const BODYLESS = ['GET', 'HEAD', 'DELETE'];
/** Makes the digest of each algorithm that is verified, by the header that carries it. */
const DIGESTS: Readonly<Record<string, () => Digest>> = {
  'content-md5': () => hashDigest('md5'),
  'x-amz-checksum-sha256': () => hashDigest('sha256'),
  'x-amz-checksum-crc32': crc32Digest,
};
const CHECKSUM = /^x-amz-checksum-(?!mode$|algorithm$|type$)/;

/**
 * Refuses a request whose body is in chunks of `aws-chunked`, as Spaces does, or has no hash.
 *
 * @throws S3Error InvalidRequest, MissingContentSHA256
 */
export function checkBodyForm({ method, headers }: S3Request): void {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((one) => one.trim());
  const hash = headers['x-amz-content-sha256'];
  if (encodings.includes('aws-chunked') || hash?.startsWith('STREAMING-')) {
    throw new S3Error('InvalidRequest', 'Spaces takes no body in aws-chunked encoding.');
  }
  if (hash === undefined && !BODYLESS.includes(method)) {
    throw new S3Error('MissingContentSHA256', 'Missing required header for this request: x-amz-content-sha256');
  }
}

/** Writes the body to a new file, which only the owner can read. When it fails, the file may hold a part. */
export async function receiveFile(request: S3Request, path: string): Promise<ReceivedBody> {
  const file = await open(path, 'wx', 0o600);
  try {
    return await receive(request, async (part) => {
      await file.appendFile(part);
    });
  } finally {
    await file.close();
  }
}

/** The body as text. */
export async function receiveText(request: S3Request): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  await receive(request, (part) => {
    size += part.length;
    if (size > LARGEST_DOCUMENT) throw new S3Error('MalformedXML', 'The document is too large.');
    parts.push(part);
  });
  return Buffer.concat(parts).toString('utf8');
}

async function receive(
  { headers, body }: S3Request,
  write: (part: Buffer) => Promise<void> | void,
): Promise<ReceivedBody> {
  const digests = digestsFor(headers);
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let size = 0;
  for await (const part of body) {
    size += part.length;
    for (const digest of [md5, sha256, ...digests.values()]) digest.update(part);
    await write(part);
  }
  const { 'x-amz-content-sha256': signed = EMPTY_SHA256 } = headers;
  if (signed !== 'UNSIGNED-PAYLOAD' && signed !== sha256.digest('hex')) {
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  verifyDigests(digests, headers);
  return { size, md5: md5.digest('hex') };
}

function digestsFor(headers: S3Request['headers']): Map<string, Digest> {
  const names = Object.keys(headers).filter((name) => name === 'content-md5' || CHECKSUM.test(name));
  return new Map(
    names.map((name) => {
      const make = DIGESTS[name];
      if (make === undefined) throw new S3Error('NotImplemented', `The checksum ${name} is not supported.`);
      return [name, make()];
    }),
  );
}

function verifyDigests(digests: ReadonlyMap<string, Digest>, headers: S3Request['headers']): void {
  for (const [name, digest] of digests) {
    if (headers[name] !== digest.base64()) {
      throw new S3Error('BadDigest', `The ${name} you specified did not match what we received.`);
    }
  }
}

function hashDigest(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: (data) => void hash.update(data), base64: () => hash.digest('base64') };
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update: (data) => {
      value = crc32(data, value);
    },
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
