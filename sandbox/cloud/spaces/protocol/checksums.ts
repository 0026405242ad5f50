/** Checksums that clients send with a body, as `Content-MD5` or `x-amz-checksum-*`, in a header or a trailer. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from '../s3-error';

export interface Digest {
  update(data: Buffer): void;
  base64(): string;
}

/** Makes the digest of each algorithm that is verified, by the header that carries it. */
const DIGESTS: Readonly<Record<string, () => Digest>> = {
  'content-md5': () => hashDigest('md5'),
  'x-amz-checksum-sha256': () => hashDigest('sha256'),
  'x-amz-checksum-sha1': () => hashDigest('sha1'),
  'x-amz-checksum-crc32': crc32Digest,
};
const CHECKSUM = /^x-amz-checksum-(?!mode$|algorithm$|type$)/;

/** The digests to compute for a request, by header name: those in its headers and those announced as trailers. */
export function digestsFor(headers: Readonly<Record<string, string>>): Map<string, Digest> {
  const announced = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const names = [...Object.keys(headers), ...announced].filter((name) => name === 'content-md5' || CHECKSUM.test(name));
  return new Map(
    [...new Set(names)].map((name) => {
      const make = DIGESTS[name];
      if (make === undefined) throw new S3Error('NotImplemented', `The checksum ${name} is not supported.`);
      return [name, make()];
    }),
  );
}

/**
 * Compares what was computed with what was sent.
 *
 * @returns the `x-amz-checksum-*` of the body, to be kept and answered
 * @throws S3Error BadDigest, InvalidRequest
 */
export function verifyDigests(
  digests: ReadonlyMap<string, Digest>,
  headers: Readonly<Record<string, string>>,
  trailers: ReadonlyMap<string, string>,
): Record<string, string> {
  const found = [...digests].map(([name, digest]) => [name, digest.base64()] as const);
  for (const [name, value] of found) {
    const sent = trailers.get(name) ?? headers[name];
    if (sent === undefined) throw new S3Error('InvalidRequest', `The trailing header ${name} is missing.`);
    if (sent !== value) throw new S3Error('BadDigest', `The ${name} you specified did not match what we received.`);
  }
  return Object.fromEntries(found.filter(([name]) => name !== 'content-md5'));
}

export function hashDigest(algorithm: string): Digest {
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
