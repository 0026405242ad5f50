import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { injectFault, noConditions } from '#sandbox/cloud/http/faults';
import { BUCKET, removeSampleSpaces, sampleSpaces } from './sample-spaces';

afterEach(removeSampleSpaces);

const at = { Bucket: BUCKET, Key: 'a' };

function put(client: S3Client, Body: string): Promise<unknown> {
  return client.send(new PutObjectCommand({ ...at, Body }));
}

async function read(client: S3Client): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand(at))).Body?.transformToString();
}

describe('a fault that is put into the emulated Spaces', () => {
  it('answers a call with an error, and only the call that was meant', async () => {
    const conditions = noConditions();
    const client = (await sampleSpaces({ conditions })).client();
    const operation = `PutObject:${BUCKET}/a`;
    injectFault(conditions, { operation, effect: { kind: 'delay', ms: 0 } });
    const error = { kind: 'error', status: 503, id: 'SlowDown', message: 'Please reduce your request rate.' } as const;
    injectFault(conditions, { operation, effect: error });
    await put(client, 'first');
    await expect(put(client, 'second')).rejects.toMatchObject({ name: 'SlowDown' });
    await put(client, 'third');
    await expect(read(client)).resolves.toBe('third');
  });

  it('drops the connection before anything is written', async () => {
    const conditions = noConditions();
    const client = (await sampleSpaces({ conditions })).client();
    injectFault(conditions, { operation: 'PutObject:*', effect: { kind: 'crash-before' } });
    await expect(put(client, 'lost')).rejects.toMatchObject({ message: expect.stringMatching(/hang up|ECONNRESET/) });
    await expect(read(client)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('drops the connection after all is written', async () => {
    const conditions = noConditions();
    const client = (await sampleSpaces({ conditions })).client();
    injectFault(conditions, { operation: 'PutObject:*', effect: { kind: 'crash-after' } });
    await expect(put(client, 'kept')).rejects.toMatchObject({ message: expect.stringMatching(/hang up|ECONNRESET/) });
    await expect(read(client)).resolves.toBe('kept');
  });
});
