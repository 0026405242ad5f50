import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { injectFault, noConditions, type Effect } from '#sandbox/cloud/http/faults';
import { BUCKET, sampleSpaces } from './sample-spaces';

const at = { Bucket: BUCKET, Key: 'a' };
const slowDown = { kind: 'error', status: 503, id: 'SlowDown', message: 'Please reduce your request rate.' } as const;

describe('a fault that is put into the emulated Spaces', () => {
  it.each<[Effect, object, string | undefined]>([
    [slowDown, { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }, 'before'],
    [{ kind: 'crash-before' }, { message: expect.stringMatching(/hang up|ECONNRESET/) }, 'before'],
    [{ kind: 'crash-after' }, { message: expect.stringMatching(/hang up|ECONNRESET/) }, 'after'],
  ])('hits only the call that was meant: %j', async (effect, error, left) => {
    const conditions = noConditions();
    const client = (await sampleSpaces({ conditions })).client();
    const put = (Body: string) => client.send(new PutObjectCommand({ ...at, Body }));
    await put('before');
    injectFault(conditions, { operation: `PutObject:${BUCKET}/a`, effect });
    await client.send(new PutObjectCommand({ ...at, Key: 'b', Body: 'b' }));
    await expect(put('after')).rejects.toMatchObject(error);
    const { Body } = await client.send(new GetObjectCommand(at));
    await expect(Body?.transformToString()).resolves.toBe(left);
  });
});
