import { createHash } from 'node:crypto';
import { decodeChunks } from '#sandbox/cloud/spaces/protocol/aws-chunked';
import { hmac, type SignedRequest } from '#sandbox/cloud/spaces/protocol/signature';

/** The example of Amazon's description of chunked uploads: 65 KiB of the letter a. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const signed: SignedRequest = {
  key: { secretKey: SECRET, grants: [] },
  payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  signingKey: ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${SECRET}`)),
  scope: '20130524/us-east-1/s3/aws4_request',
  timestamp: '20130524T000000Z',
};
const CHUNKS = [
  ['ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648', 'a'.repeat(65536)],
  ['0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497', 'a'.repeat(1024)],
  ['b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9', ''],
] as const;
const published = CHUNKS.map(
  ([signature, data]) => `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`,
).join('');

const unsigned: SignedRequest = { ...signed, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };

/** Cuts the text into pieces of a size, as a network may. */
async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

async function decode(text: string, request: SignedRequest, size = 10_000) {
  const { data, trailers } = decodeChunks(pieces(text, size), request);
  const parts: Buffer[] = [];
  for await (const part of data) parts.push(part);
  return { text: Buffer.concat(parts).toString(), trailers: Object.fromEntries(trailers) };
}

describe('a body in signed chunks', () => {
  it.each([1000, 65536, 1_000_000])('is put together, in pieces of %d bytes', async (size) => {
    await expect(decode(published, signed, size)).resolves.toEqual({ text: 'a'.repeat(66560), trailers: {} });
  });

  it('is refused when a byte of it is another', async () => {
    const changed = published.replace('aaaa\r\n', 'aaab\r\n');
    await expect(decode(changed, signed)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('is refused when a chunk is left out', async () => {
    const [first = '', , last = ''] = published.split(/(?<=\r\n)(?=400;|0;)/);
    await expect(decode(first + last, signed)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('is refused when it carries no signatures', async () => {
    await expect(decode('1\r\na\r\n0\r\n\r\n', signed)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('a body in unsigned chunks', () => {
  it.each([1, 3, 1000])('is put together with its trailers, in pieces of %d bytes', async (size) => {
    const text = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32: DUoRhQ==\r\n\r\n';
    await expect(decode(text, unsigned, size)).resolves.toEqual({
      text: 'hello world',
      trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
    });
  });

  it.each(['5\r\nhel', '5\r\nhello', '5\r\nhello\r\n', 'no chunk\r\n', '2\r\nhello\r\n', `${'f'.repeat(9000)}`])(
    'is refused when it is %j',
    async (text) => {
      await expect(decode(text, unsigned)).rejects.toMatchObject({ code: 'IncompleteBody' });
    },
  );
});

describe('a body in chunks with signed trailers', () => {
  const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const { scope, timestamp, signingKey } = signed;
  const sign = (algorithm: string, ...hashes: string[]) =>
    hmac(signingKey, [algorithm, timestamp, scope, ...hashes].join('\n')).toString('hex');
  const end = sign('AWS4-HMAC-SHA256-PAYLOAD', signed.signature, sha256(''), sha256(''));
  const trailer = sign('AWS4-HMAC-SHA256-TRAILER', end, sha256('x-amz-checksum-crc32:AAAAAA==\n'));
  const body = (signature: string) =>
    `0;chunk-signature=${end}\r\nx-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;

  it('is accepted with the right signature only', async () => {
    const request = { ...signed, payload };
    await expect(decode(body(trailer), request)).resolves.toMatchObject({ text: '' });
    const wrong = decode(body(end), request);
    await expect(wrong).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('another kind of chunks', () => {
  it('is not supported', () => {
    const request = { ...signed, payload: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' };
    expect(() => decodeChunks(pieces('', 1), request)).toThrow(expect.objectContaining({ code: 'NotImplemented' }));
  });
});
