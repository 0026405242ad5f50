import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET, sampleSpaces } from './sample-spaces';

async function withObjects(...names: string[]): Promise<S3Client> {
  const client = (await sampleSpaces({ versioning: 'Enabled' })).client();
  for (const Key of names) await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
  return client;
}

describe('a listing of the emulated Spaces', () => {
  it('holds the keys under a prefix and after another, sorted by their bytes', async () => {
    const client = await withObjects('b', 'a/1', 'a/2', 'a/10', 'a/\u{1f600}', 'a/\uffee', 'c');
    const after = { StartAfter: 'a/1' };
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'a/', ...after }));
    expect(Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['a/10', 4],
      ['a/2', 3],
      ['a/\uffee', 5],
      ['a/\u{1f600}', 6],
    ]);
  });

  it('folds keys at a delimiter', async () => {
    const client = await withObjects('x', 'one/a', 'one/b', 'two/c');
    const found = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: '/' }));
    expect(found.CommonPrefixes).toEqual([{ Prefix: 'one/' }, { Prefix: 'two/' }]);
    expect(found.Contents?.map(({ Key }) => Key)).toEqual(['x']);
  });

  it('goes on page by page without losing or repeating an entry', async () => {
    const client = await withObjects('a', 'b/1', 'b/2', 'b/3', 'c', 'd/1', 'e');
    const entries: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 2, ContinuationToken }),
      );
      entries.push(...(page.Contents ?? []).map(({ Key }) => Key));
      entries.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(entries.sort()).toEqual(['a', 'b/', 'c', 'd/', 'e']);
  });

  it('gives names that XML cannot hold when they are asked for encoded', async () => {
    const client = await withObjects('a\u0001b', 'c & <d> "e"');
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, EncodingType: 'url' }));
    expect(Contents?.map(({ Key }) => decodeURIComponent(Key!))).toEqual(['a\u0001b', 'c & <d> "e"']);
  });

  it('of versions goes on within the versions of a key', async () => {
    const client = await withObjects('a', 'a', 'a', 'b');
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'b' }));
    const found: string[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (markers !== undefined) {
      const page: Awaited<ReturnType<typeof versions>> = await versions(client, markers);
      found.push(...(page.Versions ?? []).map(({ Key, IsLatest }) => `${Key} ${IsLatest}`));
      found.push(...(page.DeleteMarkers ?? []).map(({ Key, IsLatest }) => `${Key} marker ${IsLatest}`));
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(found).toEqual(['a true', 'a false', 'a false', 'b marker true', 'b false']);
  });
});

function versions(client: S3Client, markers: { KeyMarker?: string; VersionIdMarker?: string }) {
  return client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, MaxKeys: 1, ...markers }));
}
