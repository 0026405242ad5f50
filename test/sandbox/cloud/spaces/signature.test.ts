import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseRequest, type S3Request } from '#sandbox/cloud/spaces/request';
import { verifySignature } from '#sandbox/cloud/spaces/signature';

/** The key and the requests of the examples in Amazon's description of Signature Version 4 for S3. */
const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
const keys = (id: string) =>
  id === ACCESS_KEY ? { secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', grants: [] } : undefined;
const NOW = new Date('2013-05-24T00:00:00Z');

function signed(signedNames: string, signature: string): Record<string, string> {
  const credential = `${ACCESS_KEY}/20130524/us-east-1/s3/aws4_request`;
  return {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedNames},Signature=${signature}`,
  };
}

function request(part: Partial<S3Request>): S3Request {
  const others = { query: new Map(), headers: {}, body: (async function* () {})() };
  return { method: 'GET', bucket: 'examplebucket', key: undefined, path: '/', ...others, ...part };
}

const getObject = request({
  path: '/test.txt',
  headers: {
    ...signed(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
    range: 'bytes=0-9',
  },
});
const listObjects = request({
  query: new Map(Object.entries({ prefix: 'J', 'max-keys': '2' })),
  headers: signed(
    'host;x-amz-content-sha256;x-amz-date',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ),
});

function changed(headers: Record<string, string>): S3Request {
  return request({ ...getObject, headers: { ...getObject.headers, ...headers } });
}

describe('a signature of version 4', () => {
  it.each(Object.entries({ getObject, listObjects }))('is accepted: %s, as Amazon published it', (_name, example) =>
    expect(verifySignature(example, keys, NOW)).resolves.toEqual(keys(ACCESS_KEY)),
  );

  it.each<[string, S3Request, string]>([
    ['on another path', { ...getObject, path: '/other.txt' }, 'SignatureDoesNotMatch'],
    ['with other parameters', { ...listObjects, query: new Map() }, 'SignatureDoesNotMatch'],
    ['with another signed header', changed({ range: 'bytes=0-99' }), 'SignatureDoesNotMatch'],
    ['cut short', changed({ authorization: getObject.headers.authorization!.slice(0, -2) }), 'SignatureDoesNotMatch'],
    ['with an x-amz header that is not signed', changed({ 'x-amz-acl': 'public-read' }), 'AccessDenied'],
    ['of another kind', changed({ authorization: 'AWS AKIA:sig' }), 'InvalidRequest'],
    ['that is not there', request({ headers: {} }), 'AccessDenied'],
    ['without a time', changed({ 'x-amz-date': 'now' }), 'AccessDenied'],
  ])('is refused %s', async (_name, other, id) => {
    await expect(verifySignature(other, keys, NOW)).rejects.toMatchObject({ id });
  });

  it('is good for a quarter of an hour, in both directions', async () => {
    for (const time of ['2013-05-23T23:44:59Z', '2013-05-24T00:15:01Z']) {
      const late = verifySignature(getObject, keys, new Date(time));
      await expect(late).rejects.toMatchObject({ id: 'RequestTimeTooSkewed', status: 403 });
    }
  });
});

describe('the bucket of a request', () => {
  /** A request as Node gives it to a server. */
  const received = async (path: string, host: string): Promise<IncomingMessage> => {
    const server = createServer((_message, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    httpRequest({ host: '127.0.0.1', port, path, headers: { host } }, (response) => response.resume()).end();
    const [message] = (await once(server, 'request')) as [IncomingMessage];
    server.close();
    return message;
  };

  it.each([
    ['/state/a%20b?versionId=1', '127.0.0.1:9000', 'state', 'a b'],
    ['/state/http://a?versionId=1', 'fra1.digitaloceanspaces.com', 'state', 'http://a'],
  ])('is found: %s for the host %s', async (path, host, bucket, key) => {
    const query = new Map([['versionId', '1']]);
    expect(parseRequest(await received(path, host))).toMatchObject({ bucket, key, query });
  });

  it('is not found in an address that is no URL', async () => {
    const message = await received('/%ff', 'localhost');
    expect(() => parseRequest(message)).toThrow(expect.objectContaining({ id: 'InvalidURI', status: 400 }));
  });
});
