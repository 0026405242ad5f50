import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, removeSampleSpaces, sampleSpaces } from './sample-spaces';

afterEach(removeSampleSpaces);

const at = (Key: string) => ({ Bucket: BUCKET, Key });

describe('buckets of the emulated Spaces, through the AWS SDK', () => {
  it('are made, found, listed and deleted', async () => {
    const client = (await sampleSpaces({ bucket: false })).client();
    await expect(client.send(new HeadBucketCommand({ Bucket: BUCKET }))).rejects.toMatchObject({ name: 'NotFound' });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET, ACL: 'private' }));
    await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets).toEqual([{ Name: BUCKET, CreationDate: expect.any(Date) as Date }]);
    await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await expect(client.send(new HeadBucketCommand({ Bucket: BUCKET }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('are in the region of the endpoint', async () => {
    const client = (await sampleSpaces()).client();
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect(LocationConstraint).toBe('fra1');
  });

  it('exist only once, with a name that Spaces allows', async () => {
    const client = (await sampleSpaces()).client();
    const create = (Bucket: string) => client.send(new CreateBucketCommand({ Bucket }));
    await expect(create(BUCKET)).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await expect(create('Not_A_Name')).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('are not deleted while they hold anything, a delete marker included', async () => {
    const client = (await sampleSpaces({ versioning: 'Enabled' })).client();
    await client.send(new DeleteObjectCommand(at('gone')));
    const deletion = client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await expect(deletion).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('keep versions only when told to', async () => {
    const client = (await sampleSpaces()).client();
    const status = async () => (await client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status;
    await expect(status()).resolves.toBeUndefined();
    const enabled = { Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' as const } };
    await client.send(new PutBucketVersioningCommand(enabled));
    await expect(status()).resolves.toBe('Enabled');
  });

  it('are private unless told otherwise', async () => {
    const client = (await sampleSpaces()).client();
    const grantees = async () => {
      const { Grants } = await client.send(new GetBucketAclCommand({ Bucket: BUCKET }));
      return Grants?.map(({ Grantee, Permission }) => `${Grantee?.Type} ${Permission}`);
    };
    await expect(grantees()).resolves.toEqual(['CanonicalUser FULL_CONTROL']);
    await client.send(new PutBucketAclCommand({ Bucket: BUCKET, ACL: 'public-read' }));
    await expect(grantees()).resolves.toEqual(['CanonicalUser FULL_CONTROL', 'Group READ']);
  });

  it('have no lifecycle until one is set', async () => {
    const client = (await sampleSpaces()).client();
    const get = () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
    const rule = { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'a/' }, Expiration: { Days: 30 } };
    const LifecycleConfiguration = { Rules: [rule] };
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration }));
    await expect(get()).resolves.toMatchObject({ Rules: [rule] });
    await client.send(new DeleteBucketLifecycleCommand({ Bucket: BUCKET }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
  });

  it('say which calls are not emulated', async () => {
    const client = (await sampleSpaces()).client();
    const tagging = client.send(new PutBucketTaggingCommand({ Bucket: BUCKET, Tagging: { TagSet: [] } }));
    await expect(tagging).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
  });
});

describe('objects of the emulated Spaces, through the AWS SDK', () => {
  const text = 'état: {"serial": 1}';

  it('are read as they were written, with their type and metadata', async () => {
    const client = (await sampleSpaces()).client();
    const Metadata = { 'made-by': 'test' };
    const ContentType = 'application/json';
    const { ETag } = await client.send(
      new PutObjectCommand({ ...at('a/b c+é.json'), Body: text, ContentType, Metadata }),
    );
    expect(ETag).toBe(`"${createHash('md5').update(text).digest('hex')}"`);
    const found = await client.send(new GetObjectCommand(at('a/b c+é.json')));
    expect(found).toMatchObject({ ETag, ContentType, Metadata, ContentLength: Buffer.byteLength(text) });
    expect(found.VersionId).toBeUndefined();
    await expect(found.Body?.transformToString()).resolves.toBe(text);
    const head = await client.send(new HeadObjectCommand(at('a/b c+é.json')));
    expect(head).toMatchObject({ ETag, ContentType, ContentLength: Buffer.byteLength(text) });
  });

  it('may come as a stream', async () => {
    const client = (await sampleSpaces()).client();
    const Body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    await client.send(new PutObjectCommand({ ...at('stream'), Body, ContentLength: 7, ContentEncoding: 'identity' }));
    const found = await client.send(new GetObjectCommand(at('stream')));
    expect(found.ContentEncoding).toBe('identity');
    await expect(found.Body?.transformToString()).resolves.toBe('one two');
  });

  it('may be empty', async () => {
    const client = (await sampleSpaces()).client();
    await client.send(new PutObjectCommand({ ...at('empty'), Body: Buffer.alloc(0) }));
    const { Body } = await client.send(new GetObjectCommand(at('empty')));
    await expect(Body?.transformToString()).resolves.toBe('');
  });

  it.each([
    ['bytes=0-3', 'abcd', 'bytes 0-3/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=8-100', 'ij', 'bytes 8-9/10'],
  ])('are read in part: %s', async (Range, part, ContentRange) => {
    const client = (await sampleSpaces()).client();
    await client.send(new PutObjectCommand({ ...at('ten'), Body: 'abcdefghij' }));
    const found = await client.send(new GetObjectCommand({ ...at('ten'), Range }));
    expect(found).toMatchObject({ ContentRange, ContentLength: part.length });
    await expect(found.Body?.transformToString()).resolves.toBe(part);
  });

  it('have no part beyond their end', async () => {
    const client = (await sampleSpaces()).client();
    await client.send(new PutObjectCommand({ ...at('ten'), Body: 'abcdefghij' }));
    const reading = client.send(new GetObjectCommand({ ...at('ten'), Range: 'bytes=10-' }));
    await expect(reading).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('are gone when they are deleted, also if they never were there', async () => {
    const client = (await sampleSpaces()).client();
    await client.send(new PutObjectCommand({ ...at('one'), Body: text }));
    await client.send(new DeleteObjectCommand(at('one')));
    await client.send(new DeleteObjectCommand(at('never')));
    await expect(client.send(new GetObjectCommand(at('one')))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  });

  it('are deleted many at once', async () => {
    const client = (await sampleSpaces()).client();
    const names = ['a', 'b', 'c & <d>'];
    for (const name of names) await client.send(new PutObjectCommand({ ...at(name), Body: name }));
    const Objects = names.map((Key) => ({ Key }));
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  });

  it('are copied', async () => {
    const client = (await sampleSpaces()).client();
    await client.send(new PutObjectCommand({ ...at('from/é'), Body: text, ContentType: 'text/plain' }));
    const CopySource = `${BUCKET}/${encodeURIComponent('from/é')}`;
    await client.send(new CopyObjectCommand({ ...at('to'), CopySource }));
    const { Body, ContentType } = await client.send(new GetObjectCommand(at('to')));
    expect(ContentType).toBe('text/plain');
    await expect(Body?.transformToString()).resolves.toBe(text);
  });

  it.each(['CRC32', 'SHA256', 'SHA1'] as const)(
    'are checked on the way by %s, and answered with it',
    async (algorithm) => {
      const client = (await sampleSpaces()).client();
      const put = { ...at('checked'), Body: text, ChecksumAlgorithm: algorithm };
      const { [`Checksum${algorithm}` as const]: sent } = await client.send(new PutObjectCommand(put));
      expect(sent).toEqual(expect.any(String));
      const found = await client.send(new GetObjectCommand({ ...at('checked'), ChecksumMode: 'ENABLED' }));
      expect(found[`Checksum${algorithm}` as const]).toBe(sent);
    },
  );

  it.each([{ ChecksumSHA256: 'AAAA' }, { ChecksumCRC32: 'AAAA' }, { ContentMD5: 'AAAA' }])(
    'are refused when they arrive differently from what %j says',
    async (checksum) => {
      const client = (await sampleSpaces()).client();
      const put = client.send(new PutObjectCommand({ ...at('damaged'), Body: text, ...checksum }));
      await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
      await expect(client.send(new GetObjectCommand(at('damaged')))).rejects.toMatchObject({ name: 'NoSuchKey' });
    },
  );

  it('need a bucket', async () => {
    const client = (await sampleSpaces()).client();
    const elsewhere = { Bucket: 'nowhere', Key: 'a' };
    await expect(client.send(new GetObjectCommand(elsewhere))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    const put = client.send(new PutObjectCommand({ ...elsewhere, Body: Buffer.alloc(0) }));
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
