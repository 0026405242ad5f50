/** The `aws-chunked` content encoding: a body in chunks, each of them or the trailing headers signed, or neither. */
import { createHash } from 'node:crypto';
import { byteReader, type ByteReader } from './byte-reader';
import { S3Error } from '../s3-error';
import { EMPTY_SHA256, hmac, sameSignature, signatureMismatch, type SignedRequest } from './signature';

const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_TRAILER = `${SIGNED}-TRAILER`;
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

export interface ChunkedBody {
  readonly data: AsyncIterable<Buffer>;
  /** Headers after the last chunk, by lower-case name. Complete when the data has been read. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Whether a request says that its body is in chunks. */
export function isChunked({ payload }: SignedRequest): boolean {
  return payload.startsWith('STREAMING-');
}

/** Takes the chunks apart and checks their signatures while the data is read. */
export function decodeChunks(source: AsyncIterable<Buffer>, signed: SignedRequest): ChunkedBody {
  if (![SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER].includes(signed.payload)) {
    throw new S3Error('NotImplemented', `A body of the kind ${signed.payload} is not supported.`);
  }
  const trailers = new Map<string, string>();
  return { data: chunks(byteReader(source), signed, trailers), trailers };
}

async function* chunks(
  reader: ByteReader,
  signed: SignedRequest,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const chain = signed.payload === UNSIGNED_TRAILER ? undefined : signatureChain(signed);
  for (;;) {
    const { size, signature } = parseHeader(await reader.line());
    const hash = createHash('sha256');
    for await (const part of reader.take(size)) {
      hash.update(part);
      yield part;
    }
    chain?.check('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, hash.digest('hex')], signature);
    if (size === 0) break;
    if ((await reader.line()) !== '') throw incomplete();
  }
  await readTrailers(reader, trailers, signed.payload === SIGNED_TRAILER ? chain : undefined);
}

async function readTrailers(
  reader: ByteReader,
  trailers: Map<string, string>,
  chain: SignatureChain | undefined,
): Promise<void> {
  let signature: string | undefined;
  const signedLines: string[] = [];
  for (;;) {
    const line = await reader.lineOrEnd();
    if (line === undefined || line === '') break;
    const [, name = '', value = ''] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name.toLowerCase() === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    trailers.set(name.toLowerCase(), value);
    signedLines.push(`${name.toLowerCase()}:${value}\n`);
  }
  const hash = createHash('sha256').update(signedLines.join('')).digest('hex');
  chain?.check('AWS4-HMAC-SHA256-TRAILER', [hash], signature);
}

function parseHeader(line: string): { size: number; signature: string | undefined } {
  const [, size, signature] = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line) ?? [];
  if (size === undefined) throw incomplete();
  return { size: parseInt(size, 16), signature };
}

interface SignatureChain {
  check(algorithm: string, hashes: readonly string[], signature: string | undefined): void;
}

/** Each signature covers the one before it; the first is that of the request. */
function signatureChain({ signature: first, signingKey, timestamp, scope }: SignedRequest): SignatureChain {
  let previous = first;
  return {
    check(algorithm, hashes, signature = '') {
      const text = [algorithm, timestamp, scope, previous, ...hashes].join('\n');
      const expected = hmac(signingKey, text).toString('hex');
      if (!sameSignature(expected, signature)) throw signatureMismatch();
      previous = expected;
    },
  };
}

function incomplete(): S3Error {
  return new S3Error('IncompleteBody', 'The body is not a sequence of aws-chunked chunks.');
}
