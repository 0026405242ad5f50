import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET, sampleSpaces } from './sample-spaces';

const at = { Bucket: BUCKET, Key: 'etcd/snapshot' };
const MIB = 1024 * 1024;
const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1234)];

async function begin(client: S3Client): Promise<string> {
  const created = await client.send(new CreateMultipartUploadCommand({ ...at, ContentType: 'application/zip' }));
  return created.UploadId!;
}

async function send(client: S3Client, UploadId: string, bodies: readonly Buffer[]) {
  return Promise.all(
    bodies.map(async (Body, index) => {
      const PartNumber = index + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      return { PartNumber, ETag };
    }),
  );
}

describe('an upload in parts', () => {
  it('gives the object in one piece, which was not there before', async () => {
    const client = (await sampleSpaces()).client();
    const UploadId = await begin(client);
    const Parts = await send(client, UploadId, parts);
    await expect(client.send(new GetObjectCommand(at))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const complete = { ...at, UploadId, MultipartUpload: { Parts } };
    const { ETag } = await client.send(new CompleteMultipartUploadCommand(complete));
    const md5s = parts.map((part) => createHash('md5').update(part).digest());
    expect(ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-3"`);
    const found = await client.send(new GetObjectCommand(at));
    expect(found).toMatchObject({ ETag, ContentType: 'application/zip', ContentLength: 10 * MIB + 1234 });
    expect(Buffer.concat(parts).equals(await found.Body!.transformToByteArray())).toBe(true);
    const again = client.send(new CompleteMultipartUploadCommand(complete));
    await expect(again).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('holds the last part of a number only', async () => {
    const client = (await sampleSpaces()).client();
    const UploadId = await begin(client);
    const first = await send(client, UploadId, [Buffer.from('a')]);
    const second = await send(client, UploadId, [Buffer.from('bc')]);
    const complete = (Parts: typeof first) =>
      client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    await expect(complete(first)).rejects.toMatchObject({ name: 'InvalidPart' });
    await complete(second);
    await expect(client.send(new GetObjectCommand(at))).resolves.toMatchObject({ ContentLength: 2 });
  });

  it('takes the place of a deleted object only, when asked to', async () => {
    const client = (await sampleSpaces()).client();
    const UploadId = await begin(client);
    const Parts = await send(client, UploadId, [Buffer.from('late')]);
    await client.send(new PutObjectCommand({ ...at, Body: 'early' }));
    const complete = { ...at, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    const completion = client.send(new CompleteMultipartUploadCommand(complete));
    await expect(completion).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is refused when a part is missing, too small or out of order', async () => {
    const client = (await sampleSpaces()).client();
    const UploadId = await begin(client);
    const sent = await send(client, UploadId, [Buffer.from('small'), Buffer.from('last')]);
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
    await expect(complete([{ PartNumber: 7, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(sent)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([sent[1]!, sent[0]!])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  });

  it('is over after it was aborted', async () => {
    const client = (await sampleSpaces()).client();
    const UploadId = await begin(client);
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    await expect(send(client, UploadId, [Buffer.from('a')])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
