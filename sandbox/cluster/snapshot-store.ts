/** Where etcd snapshots are kept. */
import type { SnapshotSettings } from './k3s-settings';

export interface StoredSnapshot {
  readonly name: string;
  readonly modified: Date;
}

/** Access to the bucket that a server's own configuration names, with the key that it names. */
export interface SnapshotStore {
  list(settings: SnapshotSettings): Promise<StoredSnapshot[]>;
  read(settings: SnapshotSettings, name: string): Promise<Buffer>;
  write(settings: SnapshotSettings, name: string, content: Buffer): Promise<void>;
  remove(settings: SnapshotSettings, name: string): Promise<void>;
}

/** @returns the name of the newest, undefined where there is none */
export async function newestSnapshot(store: SnapshotStore, settings: SnapshotSettings): Promise<string | undefined> {
  const snapshots = await store.list(settings);
  return snapshots.sort((one, other) => other.modified.getTime() - one.modified.getTime())[0]?.name;
}
