import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { BUCKET, OWNER, s3Client, sampleSpaces } from './sample-spaces';

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
        (error: S3ServiceException) => error.$metadata.httpStatusCode,
      );
      if (result === 'allowed') done.push(name);
      else expect(result).toBe(403);
    }
    expect(done).toEqual(allowed);
  });

  it.each([
    [OWNER.accessKeyId, 'SignatureDoesNotMatch'],
    ['DO00NOBODY', 'InvalidAccessKeyId'],
  ])('does not work with another secret, or unknown: %s', async (id, name) => {
    const list = calls.list(s3Client((await sampleSpaces()).endpoint, id, 'wrong'));
    await expect(list).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  });
});

describe('the emulated Spaces', () => {
  it('answers requests without a signature with an S3 error document', async () => {
    const { endpoint } = await sampleSpaces();
    const response = await fetch(`${endpoint}/${BUCKET}/a`);
    expect(response.status).toBe(403);
    await expect(response.text()).resolves.toMatch(/^<\?xml .*<Error><Code>AccessDenied<\/Code>.*<\/Error>$/s);
  });
});
