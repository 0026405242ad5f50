import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { deleteBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { BUCKET, sampleSpaces } from './sample-spaces';

const at = { Bucket: BUCKET, Key: 'state' };

async function put(client: S3Client, Body: string): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ ...at, Body }))).VersionId;
}

async function read(client: S3Client, VersionId?: string): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ ...at, VersionId }))).Body?.transformToString();
}

describe('a bucket that keeps versions', () => {
  it('gives each write an id by which it can be read for ever', async () => {
    const client = (await sampleSpaces({ versioning: 'Enabled' })).client();
    const [first, second] = [await put(client, 'one'), await put(client, 'two')];
    expect(first).not.toBe(second);
    await expect(read(client)).resolves.toBe('two');
    await expect(read(client, first)).resolves.toBe('one');
    const unknown = read(client, 'unknown');
    await expect(unknown).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('hides a deleted object and shows it again when the delete marker is removed', async () => {
    const client = (await sampleSpaces({ versioning: 'Enabled' })).client();
    await put(client, 'one');
    const { VersionId: marker } = await client.send(new DeleteObjectCommand(at));
    await expect(read(client)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(read(client, marker)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'state', VersionId: marker, IsLatest: true }]);
    expect(listed.Versions).toMatchObject([{ Key: 'state', IsLatest: false, Size: 3 }]);
    await expect(client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).resolves.toMatchObject({ KeyCount: 0 });
    await client.send(new DeleteObjectCommand({ ...at, VersionId: marker }));
    await expect(read(client)).resolves.toBe('one');
  });

  it('can be emptied by the ids of all versions', async () => {
    const spaces = await sampleSpaces({ versioning: 'Enabled' });
    const client = spaces.client();
    await put(client, 'one');
    await put(client, 'two');
    await client.send(new DeleteObjectCommand(at));
    const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    for (const { Key, VersionId } of [...Versions!, ...DeleteMarkers!]) {
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, VersionId }));
    }
    expect(() => deleteBucket(spaces.store, BUCKET)).not.toThrow();
  });

  it('keeps what was there before, and after it is suspended one more', async () => {
    const spaces = await sampleSpaces();
    const client = spaces.client();
    expect(await put(client, 'before')).toBeUndefined();
    updateBucket(spaces.store, BUCKET, { versioning: 'Enabled' });
    await put(client, 'between');
    await expect(read(client, 'null')).resolves.toBe('before');
    updateBucket(spaces.store, BUCKET, { versioning: 'Suspended' });
    await put(client, 'after');
    await put(client, 'last');
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(Versions?.map(({ VersionId }) => VersionId === 'null')).toEqual([true, false]);
    await expect(read(client, 'null')).resolves.toBe('last');
  });
});
