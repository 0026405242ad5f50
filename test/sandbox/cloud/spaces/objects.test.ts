import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET, sampleSpaces } from './sample-spaces';

const Bucket = BUCKET;
const Body = 'état: {"serial": 1}';

describe('buckets of the emulated Spaces, through the AWS SDK', () => {
  let client: S3Client;
  beforeAll(async () => {
    client = (await sampleSpaces()).client();
  });

  it('are made, found, listed and deleted', async () => {
    const other = { Bucket: 'other' };
    await expect(client.send(new HeadBucketCommand(other))).rejects.toMatchObject({ name: 'NotFound' });
    await client.send(new CreateBucketCommand({ ...other, ACL: 'private' }));
    await expect(client.send(new HeadBucketCommand(other))).resolves.toMatchObject({ BucketRegion: 'fra1' });
    await expect(client.send(new GetBucketLocationCommand(other))).resolves.toMatchObject({
      LocationConstraint: 'fra1',
    });
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([BUCKET, 'other']);
    await client.send(new DeleteBucketCommand(other));
    await expect(client.send(new HeadBucketCommand(other))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('exist only once, with a name that Spaces allows', async () => {
    const create = (name: string) => client.send(new CreateBucketCommand({ Bucket: name }));
    await expect(create(BUCKET)).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await expect(create('Not_A_Name')).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('are private unless told otherwise', async () => {
    const grantees = async () => {
      const { Grants } = await client.send(new GetBucketAclCommand({ Bucket }));
      return Grants?.map(({ Grantee, Permission }) => `${Grantee?.Type} ${Permission}`);
    };
    await expect(grantees()).resolves.toEqual(['CanonicalUser FULL_CONTROL']);
    await client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
    await expect(grantees()).resolves.toEqual(['CanonicalUser FULL_CONTROL', 'Group READ']);
  });

  it('say which calls are not emulated', async () => {
    const notImplemented = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
    const tagging = client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } }));
    await expect(tagging).rejects.toMatchObject(notImplemented);
    const copy = client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${BUCKET}/from` }));
    await expect(copy).rejects.toMatchObject(notImplemented);
  });

  it('keep versions only when told to, and are not deleted while they hold anything, a delete marker included', async () => {
    const status = async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    await expect(status()).resolves.toBeUndefined();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await expect(status()).resolves.toBe('Enabled');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    const deletion = client.send(new DeleteBucketCommand({ Bucket }));
    await expect(deletion).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });
});

describe('objects of the emulated Spaces, through the AWS SDK', () => {
  let client: S3Client;
  beforeAll(async () => {
    client = (await sampleSpaces()).client();
  });

  it('are read as they were written, with their type and metadata', async () => {
    const at = { Bucket, Key: 'a/b c+é.json' };
    const described = { ContentType: 'application/json', Metadata: { 'made-by': 'test' }, ContentEncoding: 'identity' };
    const { ETag } = await client.send(new PutObjectCommand({ ...at, ...described, Body }));
    expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    const found = await client.send(new GetObjectCommand(at));
    expect(found).toMatchObject({ ...described, ETag, ContentLength: Buffer.byteLength(Body) });
    expect(found.VersionId).toBeUndefined();
    await expect(found.Body?.transformToString()).resolves.toBe(Body);
    const head = await client.send(new HeadObjectCommand(at));
    expect(head).toMatchObject({ ...described, ETag, ContentLength: Buffer.byteLength(Body) });
  });

  it.each([
    ['as a stream', Readable.from([Buffer.from('one '), Buffer.from('two')]), 7],
    ['without a byte', Buffer.alloc(0), 0],
  ])('may come %s', async (Key, content, ContentLength) => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: content, ContentLength }));
    const found = await client.send(new GetObjectCommand({ Bucket, Key }));
    await expect(found.Body?.transformToString()).resolves.toHaveLength(ContentLength);
  });

  it('are refused in aws-chunked encoding, as by Spaces', async () => {
    jest.spyOn(console, 'warn').mockImplementationOnce(() => {});
    const stream = {
      Body: Readable.from([Buffer.from('chunk')]),
      ContentLength: 5,
      ChecksumAlgorithm: 'CRC32' as const,
    };
    const put = client.send(new PutObjectCommand({ Bucket, Key: 'chunked', ...stream }));
    const refusal = { name: 'InvalidRequest', message: expect.stringContaining('aws-chunked') };
    await expect(put).rejects.toMatchObject({ ...refusal, $metadata: { httpStatusCode: 400 } });
  });

  it.each([
    ['bytes=0-3', 'abcd', 'bytes 0-3/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=8-100', 'ij', 'bytes 8-9/10'],
  ])('are read in part: %s', async (Range, part, ContentRange) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: 'abcdefghij' }));
    const found = await client.send(new GetObjectCommand({ Bucket, Key: 'ten', Range }));
    expect(found).toMatchObject({ ContentRange, ContentLength: part.length });
    await expect(found.Body?.transformToString()).resolves.toBe(part);
    const beyond = client.send(new GetObjectCommand({ Bucket, Key: 'ten', Range: 'bytes=10-' }));
    await expect(beyond).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('are gone when they are deleted, also if they never were there', async () => {
    const Key = 'c & <d>';
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    for (const name of [Key, 'never']) await client.send(new DeleteObjectCommand({ Bucket, Key: name }));
    await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it.each([{ ChecksumSHA256: 'AAAA' }, { ChecksumCRC32: 'AAAA' }, { ContentMD5: 'AAAA' }])(
    'are refused when they arrive differently from what %j says',
    async (checksum) => {
      const at = { Bucket, Key: 'damaged' };
      const put = client.send(new PutObjectCommand({ ...at, Body, ...checksum }));
      await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
      await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: 'NoSuchKey' });
    },
  );

  it('need a bucket', async () => {
    const elsewhere = { Bucket: 'nowhere', Key: 'a' };
    await expect(client.send(new GetObjectCommand(elsewhere))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    const put = client.send(new PutObjectCommand({ ...elsewhere, Body }));
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
