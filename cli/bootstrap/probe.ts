/** Proves that a store refuses a conditional write onto an object that exists. */
import { randomUUID } from 'node:crypto';
import { SpacesFailure } from '#clients/spaces/failure';
import type { SpacesClient } from '#clients/spaces/client';
import { listObjectVersions, readObject } from '../state/bucket-object';

/**
 * Writes an object twice under the condition that it does not exist. The object is removed whatever happens.
 *
 * @param prefix of the object's key; the rest is random, so that an interrupted run does not disturb the next
 * @returns whether the second write was refused and the first is intact
 */
export async function proveLocking(spaces: SpacesClient, prefix: string): Promise<boolean> {
  const key = `${prefix}-${randomUUID()}`;
  try {
    await writeIfAbsent(spaces, key, 'first');
    const isRefused = !(await writeIfAbsent(spaces, key, 'second'));
    return isRefused && (await readObject(spaces, key))?.text === 'first';
  } finally {
    await removeProbe(spaces, key);
  }
}

/** False when the store refused. */
async function writeIfAbsent({ bucket, perform }: SpacesClient, key: string, content: string): Promise<boolean> {
  try {
    await perform((s3, { PutObjectCommand }) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, IfNoneMatch: '*' })),
    );
    return true;
  } catch (error) {
    if (error instanceof SpacesFailure && error.status === 412) return false;
    throw error;
  }
}

/** With all its versions, or the bucket would keep them for ever. */
async function removeProbe(spaces: SpacesClient, key: string): Promise<void> {
  for (const { VersionId } of await listObjectVersions(spaces, key)) {
    await spaces.perform((s3, { DeleteObjectCommand }) =>
      s3.send(new DeleteObjectCommand({ Bucket: spaces.bucket, Key: key, VersionId })),
    );
  }
}
