import { Agent, request as httpRequest } from 'node:http';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { startSpaces } from '#sandbox/cloud/spaces/spaces';
import { afterwards, BUCKET, OWNER, removeSampleSpaces, s3Client, sampleSpaces } from './sample-spaces';

afterEach(removeSampleSpaces);

const at = { Bucket: BUCKET, Key: 'a' };
const VersioningConfiguration = { Status: 'Enabled' as const };
const calls = {
  read: (client: S3Client) => client.send(new GetObjectCommand(at)),
  list: (client: S3Client) => client.send(new ListObjectsV2Command({ Bucket: BUCKET })),
  write: (client: S3Client) => client.send(new PutObjectCommand({ ...at, Body: 'x' })),
  delete: (client: S3Client) => client.send(new DeleteObjectCommand(at)),
  configure: (client: S3Client) =>
    client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration })),
  create: (client: S3Client) => client.send(new CreateBucketCommand({ Bucket: 'another' })),
  listBuckets: (client: S3Client) => client.send(new ListBucketsCommand({})),
  head: (client: S3Client) => client.send(new HeadBucketCommand({ Bucket: BUCKET })),
  location: (client: S3Client) => client.send(new GetBucketLocationCommand({ Bucket: BUCKET })),
  versioning: (client: S3Client) => client.send(new GetBucketVersioningCommand({ Bucket: BUCKET })),
  acl: (client: S3Client) => client.send(new GetBucketAclCommand({ Bucket: BUCKET })),
  lifecycle: (client: S3Client) => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET })),
};
type CallName = keyof typeof calls;

describe('a Spaces key', () => {
  it.each<[string, CallName[]]>([
    ['DO00READER', ['read', 'list', 'head', 'location']],
    ['DO00WRITER', ['read', 'list', 'write', 'delete', 'head', 'location']],
    ['DO00STRANGER', []],
    ['DO00OWNER', Object.keys(calls) as CallName[]],
  ])('with the grants of %s may do only: %j', async (id, allowed) => {
    const spaces = await sampleSpaces();
    await calls.write(spaces.client());
    const client = spaces.client(id);
    const done: string[] = [];
    for (const [name, call] of Object.entries(calls)) {
      const result = await call(client).then(
        () => 'allowed',
        // Not there is an answer, too.
        (error: S3ServiceException) =>
          error.name === 'NoSuchLifecycleConfiguration' ? 'allowed' : error.$metadata.httpStatusCode,
      );
      if (result === 'allowed') done.push(name);
      else expect(result).toBe(403);
    }
    expect(done).toEqual(allowed);
  });

  it('does not work with another secret', async () => {
    const { endpoint } = await sampleSpaces();
    const list = calls.list(s3Client(endpoint, OWNER.accessKeyId, 'wrong'));
    await expect(list).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } });
  });

  it('must be known', async () => {
    const { endpoint } = await sampleSpaces();
    const list = calls.list(s3Client(endpoint, 'DO00NOBODY', 'any'));
    await expect(list).rejects.toMatchObject({ name: 'InvalidAccessKeyId', $metadata: { httpStatusCode: 403 } });
  });
});

describe('the emulated Spaces', () => {
  it('understands a bucket in the host name', async () => {
    const { endpoint, client: pathStyle } = await sampleSpaces();
    const { port } = new URL(endpoint);
    const lookup: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (_host, options, done) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
    const client = new S3Client({
      endpoint: `http://localhost:${port}`,
      region: 'us-east-1',
      credentials: OWNER,
      requestHandler: { httpAgent: new Agent({ lookup }) },
    });
    afterwards(() => client.destroy());
    await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'dir/a b', Body: 'x' }));
    await pathStyle().send(new GetObjectCommand({ Bucket: BUCKET, Key: 'dir/a b' }));
  });

  it('answers requests without a signature with an S3 error document', async () => {
    const { endpoint } = await sampleSpaces();
    const response = await fetch(`${endpoint}/${BUCKET}/a`);
    expect(response.status).toBe(403);
    await expect(response.text()).resolves.toMatch(/^<\?xml .*<Error><Code>AccessDenied<\/Code>.*<\/Error>$/s);
  });

  it('answers an address that is no URL', async () => {
    const { endpoint } = await sampleSpaces();
    const { hostname, port } = new URL(endpoint);
    const status = await new Promise((resolve, reject) => {
      httpRequest({ hostname, port, path: '/%ff' }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  it('listens on loopback only', async () => {
    const { folder } = await sampleSpaces();
    const start = startSpaces({ folder, address: '0.0.0.0', port: 0, region: 'fra1', keys: () => undefined });
    await expect(start).rejects.toThrow('loopback only');
  });
});
