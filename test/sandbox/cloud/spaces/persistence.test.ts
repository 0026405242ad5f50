import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { openStore } from '#sandbox/cloud/spaces/store';
import { newFolder } from '#test/new-folder';
import { BUCKET, s3Client, sampleSpaces } from './sample-spaces';
import { spawnStore } from './spawned-store';

afterEach(() => jest.restoreAllMocks());

async function read(client: S3Client, Key: string, VersionId?: string): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }))).Body?.transformToString();
}

describe('what the emulated Spaces keeps', () => {
  it('survives a kill -9 while writers are at work: every write that was answered, whole', async () => {
    const folder = newFolder('spaces');
    createBucket(openStore(folder, 'fra1', true), BUCKET);
    updateBucket(openStore(folder, 'fra1', true), BUCKET, { versioning: 'Enabled' });
    const store = await spawnStore(folder);
    const answered = new Map<string, string>();
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      const client = s3Client(store.endpoint);
      for (let round = 0; ; round++) {
        const Body = `${writer}.${round} `.repeat(20_000);
        await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `key-${writer}`, Body }));
        answered.set(`key-${writer}`, Body);
        if (answered.size === 4 && round > 5) void store.kill();
      }
    });
    await Promise.allSettled(writers);
    const client = (await sampleSpaces({ folder, bucket: false })).client();
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    const found = await Promise.all(
      Versions!.map(async ({ Key, VersionId }) => [Key, await read(client, Key!, VersionId)] as const),
    );
    for (const [key, body] of answered) expect(found).toContainEqual([key, body]);
    for (const [, body] of found) expect(body).toMatch(/^(\d\.\d+ )\1*$/);
  });

  it('does not include an upload whose sender went away', async () => {
    jest.spyOn(console, 'warn').mockImplementation(() => {});
    const { folder, client } = await sampleSpaces();
    const drafts = join(folder, 'drafts');
    const Body = new Readable({ read: () => {} });
    Body.push('half');
    const sender = new AbortController();
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'half', Body, ContentLength: 8 });
    const upload = client().send(put, { abortSignal: sender.signal });
    while (readdirSync(drafts).length === 0) await sleep(10);
    sender.abort();
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
    while (readdirSync(drafts).length > 0) await sleep(10);
    await expect(read(client(), 'half')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('can be read by its owner only, and leaves no drafts', async () => {
    const { folder, client } = await sampleSpaces({ versioning: 'Enabled' });
    for (const Body of ['one', 'two']) {
      await client().send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body }));
    }
    const modes = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return `${entry.isDirectory() ? 'folder' : 'file'} ${mode.toString(8)}`;
    });
    expect(new Set(modes)).toEqual(new Set(['folder 700', 'file 600']));
    expect(readdirSync(join(folder, 'drafts'))).toEqual([]);
  });
});
