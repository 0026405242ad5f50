import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BUCKET, s3Client, sampleSpaces } from './sample-spaces';
import { spawnStore } from './spawned-store';

const at = { Bucket: BUCKET, Key: 'network.tfstate.tflock' };

function lock(client: S3Client, Body: string): Promise<unknown> {
  return client.send(new PutObjectCommand({ ...at, Body, IfNoneMatch: '*' }));
}

async function read(client: S3Client): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand(at))).Body?.transformToString();
}

/** Lets every client try at once; resolves to the bodies of those that won. */
async function race(clients: readonly S3Client[]): Promise<string[]> {
  const results = await Promise.allSettled(clients.map((client, index) => lock(client, `writer ${index}`)));
  const lost = results.filter((result) => result.status === 'rejected');
  for (const { reason } of lost) expect(reason).toMatchObject({ name: 'PreconditionFailed' });
  return results.flatMap(({ status }, index) => (status === 'fulfilled' ? [`writer ${index}`] : []));
}

describe.each([undefined, 'Enabled'] as const)('a conditional write, with versioning %s', (versioning) => {
  it('is refused while the object is there, and leaves it alone', async () => {
    const client = (await sampleSpaces({ versioning })).client();
    await lock(client, 'first');
    const second = lock(client, 'second');
    await expect(second).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    await expect(read(client)).resolves.toBe('first');
    await client.send(new DeleteObjectCommand(at));
    await lock(client, 'third');
    await expect(read(client)).resolves.toBe('third');
  });

  it('succeeds for exactly one of fifty writers', async () => {
    const spaces = await sampleSpaces({ versioning });
    const winners = await race(Array.from({ length: 50 }, () => spaces.client()));
    expect(winners).toHaveLength(1);
    await expect(read(spaces.client())).resolves.toBe(winners[0]);
  });
});

describe('two processes that serve one folder', () => {
  it('let exactly one of fifty writers win', async () => {
    const { folder, client } = await sampleSpaces();
    const stores = await Promise.all([spawnStore(folder), spawnStore(folder)]);
    const clients = Array.from({ length: 50 }, (_, index) => s3Client(stores[index % 2]!.endpoint));
    const winners = await race(clients);
    expect(winners).toHaveLength(1);
    await expect(read(client())).resolves.toBe(winners[0]);
  });
});

describe('If-Match', () => {
  it.each([(etag: string) => etag, (etag: string) => etag.replaceAll('"', '')])(
    'lets a write or a delete through only onto the version that was read, with or without quotes',
    async (form) => {
      const client = (await sampleSpaces()).client();
      const { ETag } = await client.send(new PutObjectCommand({ ...at, Body: 'one' }));
      const condition = { ...at, IfMatch: form(ETag!) };
      await client.send(new PutObjectCommand({ ...condition, Body: 'two' }));
      const failed = { name: 'PreconditionFailed' };
      await expect(client.send(new PutObjectCommand({ ...condition, Body: 'three' }))).rejects.toMatchObject(failed);
      await expect(client.send(new DeleteObjectCommand(condition))).rejects.toMatchObject(failed);
      await expect(read(client)).resolves.toBe('two');
    },
  );
});
