/** How old the newest snapshot of etcd in Spaces is. k3s makes and uploads them; a key that ended or a full bucket stops it unseen. */
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { CommandFailure } from '#clients/failure';
import { withSpaces, type SpacesClient } from '#clients/spaces/client';
import type { Terminal } from '../output/terminal';
import { snapshotTarget } from '../sweep/buckets';
import { isLate } from './backups';
import type { EtcdSnapshotStatus } from './platform-status';

export interface StoredSnapshots {
  /** Cron, in UTC. */
  readonly schedule: string;
  /** Undefined when there is none. */
  readonly newest: Date | undefined;
}

/** Why the bucket cannot be looked at. */
export interface Unseen {
  readonly unseen: string;
}

/** A snapshot is in its cluster's folder; what is deeper are signs of life (docs/decisions/0013). */
const SNAPSHOT = /^[^/]+\/[^/]+$/;

/** Never fails for a key that may not look, or where there is none. */
export async function readEtcdSnapshots(terminal: Terminal): Promise<StoredSnapshots | Unseen> {
  try {
    const config = loadConfig(configFile(terminal.env));
    const newest = await withSpaces(snapshotTarget(config, terminal.env), newestIn, terminal.notify);
    return { schedule: config.snapshots.schedule, newest };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const [reason = ''] = error.message.split('\n');
    return { unseen: `snapshots of etcd: ${reason}` };
  }
}

async function newestIn({ perform, bucket: Bucket }: SpacesClient): Promise<Date | undefined> {
  let newest: Date | undefined;
  let next: string | undefined;
  do {
    const page = await perform((s3, { ListObjectsV2Command }) =>
      s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: next })),
    );
    for (const { Key = '', LastModified } of page.Contents ?? []) {
      if (!SNAPSHOT.test(Key) || LastModified === undefined) continue;
      if (newest === undefined || LastModified > newest) newest = LastModified;
    }
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return newest;
}

/** @param since when the cluster came into being, for one that has no snapshot yet */
export function etcdSnapshotStatus(
  { schedule, newest }: StoredSnapshots,
  since: Date | undefined,
  now: Date,
): EtcdSnapshotStatus {
  return {
    schedule,
    ...(newest !== undefined && { savedAt: newest.toISOString() }),
    late: isLate(schedule, newest ?? since ?? now, now),
  };
}
