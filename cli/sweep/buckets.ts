/** Buckets that no stack has: `forge bootstrap` makes them, and each is deleted only by who says so. */
import { isNotFound } from '#clients/failure';
import type { ForgeConfig } from '#config/schema';
import { withSpaces, spacesTarget, type SpacesClient, type SpacesTarget } from '#clients/spaces/client';
import { snapshotBucketName } from '#stacks/network/names';
import { backupTargets } from '../bootstrap/backup-buckets';
import type { Terminal } from '../output/terminal';
import type { CloudObject } from './kinds';

/** The bucket of the etcd snapshots. Without the keys in the state nobody can read them any more. */
export function snapshotTarget(config: ForgeConfig, env: NodeJS.ProcessEnv): SpacesTarget {
  return { ...spacesTarget(config, env), bucket: snapshotBucketName(config) };
}

export interface BucketChoice {
  readonly snapshots: boolean;
  readonly backups: boolean;
}

export function chosenTargets(config: ForgeConfig, env: NodeJS.ProcessEnv, choice: BucketChoice): SpacesTarget[] {
  return [
    ...(choice.snapshots ? [snapshotTarget(config, env)] : []),
    ...(choice.backups ? backupTargets(config, env) : []),
  ];
}

/** Those that there are. */
export async function findBuckets(targets: readonly SpacesTarget[], terminal: Terminal): Promise<CloudObject[]> {
  const found = await Promise.all(
    targets.map(async (target) => {
      const { bucket: name } = target;
      const isThere = await inBucket(target, terminal, (spaces) =>
        spaces.perform((s3, { HeadBucketCommand }) => s3.send(new HeadBucketCommand({ Bucket: name }))),
      );
      return isThere ? [{ at: 'Spaces', kind: 'bucket', name, id: name, knownAs: name, path: name } as const] : [];
    }),
  );
  return found.flat();
}

/** With every version of every object. False when there is no such bucket. */
export function deleteBucket(
  target: SpacesTarget,
  terminal: Terminal,
  progress: (line: string) => void,
): Promise<boolean> {
  return inBucket(target, terminal, async (spaces) => {
    await emptyBucket(spaces, progress);
    await spaces.perform((s3, { DeleteBucketCommand }) => s3.send(new DeleteBucketCommand({ Bucket: target.bucket })));
  });
}

/** A connection of its own: what goes wrong is told with the name of the bucket. False when there is no such bucket. */
async function inBucket(
  target: SpacesTarget,
  { notify }: Terminal,
  work: (spaces: SpacesClient) => Promise<unknown>,
): Promise<boolean> {
  try {
    await withSpaces(target, work, notify);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function emptyBucket(spaces: SpacesClient, progress: (line: string) => void): Promise<void> {
  const { bucket } = spaces;
  for (let keys = await someObjects(spaces); keys.length > 0; keys = await someObjects(spaces)) {
    progress(`${keys.length} objects of ${bucket}`);
    for (const { Key, VersionId } of keys) {
      await spaces.perform((s3, { DeleteObjectCommand }) =>
        s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })),
      );
    }
  }
}

async function someObjects({ perform, bucket: Bucket }: SpacesClient) {
  const page = await perform((s3, { ListObjectVersionsCommand }) => s3.send(new ListObjectVersionsCommand({ Bucket })));
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
}
