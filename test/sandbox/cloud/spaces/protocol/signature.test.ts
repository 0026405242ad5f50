import { verifySignature } from '#sandbox/cloud/spaces/protocol/signature';
import type { S3Request } from '#sandbox/cloud/spaces/protocol/s3-request';

/** The key and the requests of the examples in Amazon's description of Signature Version 4 for S3. */
const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
const keys = (id: string) =>
  id === ACCESS_KEY ? { secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', grants: [] } : undefined;
const NOW = new Date('2013-05-24T00:00:00Z');
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const HOST = 'examplebucket.s3.amazonaws.com';

function request(part: Partial<S3Request>): S3Request {
  return {
    method: 'GET',
    bucket: 'examplebucket',
    key: undefined,
    path: '/',
    query: new Map(),
    headers: {},
    body: (async function* () {})(),
    ...part,
  };
}

function signedHeaders(
  signedNames: string,
  signature: string,
  headers: Record<string, string>,
): Record<string, string> {
  const credential = `${ACCESS_KEY}/20130524/us-east-1/s3/aws4_request`;
  return {
    host: HOST,
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': EMPTY,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedNames},Signature=${signature}`,
    ...headers,
  };
}

const getObject = request({
  path: '/test.txt',
  headers: signedHeaders(
    'host;range;x-amz-content-sha256;x-amz-date',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    { range: 'bytes=0-9' },
  ),
});

const putObject = request({
  method: 'PUT',
  path: '/test$file.text',
  headers: signedHeaders(
    'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
  ),
});

const listObjects = request({
  query: new Map([
    ['prefix', 'J'],
    ['max-keys', '2'],
  ]),
  headers: signedHeaders(
    'host;x-amz-content-sha256;x-amz-date',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    {},
  ),
});

const presigned = request({
  path: '/test.txt',
  headers: { host: HOST },
  query: new Map([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${ACCESS_KEY}/20130524/us-east-1/s3/aws4_request`],
    ['X-Amz-Date', '20130524T000000Z'],
    ['X-Amz-Expires', '86400'],
    ['X-Amz-SignedHeaders', 'host'],
    ['X-Amz-Signature', 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'],
  ]),
});

const examples = { getObject, putObject, listObjects, presigned };

describe('a signature of version 4', () => {
  it.each(Object.entries(examples))('is accepted: %s, as Amazon published it', (_name, example) => {
    expect(verifySignature(example, keys, NOW)).toMatchObject({ scope: '20130524/us-east-1/s3/aws4_request' });
  });

  it.each(Object.entries(examples))('is refused when the path is another: %s', (_name, example) => {
    const other = { ...example, path: '/other.txt' };
    expect(() => verifySignature(other, keys, NOW)).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  });

  it('is refused when a signed header is another', () => {
    const headers = { ...getObject.headers, range: 'bytes=0-99' };
    const changed = () => verifySignature({ ...getObject, headers }, keys, NOW);
    expect(changed).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  });

  it('is refused when it is cut short', () => {
    const { authorization } = getObject.headers;
    const headers = { ...getObject.headers, authorization: authorization!.slice(0, -2) };
    const cut = () => verifySignature({ ...getObject, headers }, keys, NOW);
    expect(cut).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }));
  });

  it('must cover every x-amz header', () => {
    const headers = { ...getObject.headers, 'x-amz-acl': 'public-read' };
    const added = () => verifySignature({ ...getObject, headers }, keys, NOW);
    expect(added).toThrow(
      expect.objectContaining({ code: 'AccessDenied', message: expect.stringContaining('x-amz-acl') }),
    );
  });

  it('needs a key that exists', () => {
    const unknown = () => verifySignature(getObject, () => undefined, NOW);
    expect(unknown).toThrow(expect.objectContaining({ code: 'InvalidAccessKeyId', status: 403 }));
  });

  it('is good for a quarter of an hour, in both directions', () => {
    for (const time of ['2013-05-23T23:44:59Z', '2013-05-24T00:15:01Z']) {
      const late = () => verifySignature(getObject, keys, new Date(time));
      expect(late).toThrow(expect.objectContaining({ code: 'RequestTimeTooSkewed' }));
    }
  });

  it('in a URL is good for as long as the URL says', () => {
    expect(() => verifySignature(presigned, keys, new Date('2013-05-25T00:00:00Z'))).not.toThrow();
    const late = () => verifySignature(presigned, keys, new Date('2013-05-25T00:00:01Z'));
    expect(late).toThrow(expect.objectContaining({ code: 'AccessDenied', message: 'Request has expired' }));
  });

  it('is needed: there are no anonymous requests', () => {
    const anonymous = () => verifySignature(request({ headers: { host: HOST } }), keys, NOW);
    expect(anonymous).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
  });

  it.each(['Basic AAAA', 'AWS AKIA:sig', 'AWS4-HMAC-SHA256 Credential=x'])('is not %s', (authorization) => {
    const other = () => verifySignature(request({ headers: { host: HOST, authorization } }), keys, NOW);
    expect(other).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });
});
