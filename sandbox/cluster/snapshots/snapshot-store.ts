/** Where etcd snapshots are kept. */
import type { SnapshotSettings } from '../k3s/k3s-settings';

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
