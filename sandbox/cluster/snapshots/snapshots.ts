/** Snapshots of etcd, made by the servers on their schedule or on demand. */
import { cronSchedule } from '#config/cron';
import type { Cluster, ClusterServer } from '../cluster';
import type { SnapshotSettings } from '../k3s/k3s-settings';
import type { SnapshotStore } from './spaces-snapshots';

/** k3s' own prefix. Source: K3s documentation, etcd-snapshot-name. */
const PREFIX = 'etcd-snapshot';
const MINUTE_MS = 60_000;

/**
 * Saves a snapshot of one server's etcd, and removes the oldest that are more than its settings keep. Like k3s it counts
 * those of all servers together. Source: pkg/etcd/s3/s3.go, SnapshotRetention, which goes by the name's start only; pull
 * request 8099 of k3s.
 *
 * @returns its name
 */
async function takeSnapshot(
  store: SnapshotStore,
  { nodeName, etcd }: ClusterServer,
  settings: SnapshotSettings,
  prefix: string,
): Promise<string> {
  const name = `${prefix}-${nodeName}-${Math.floor(Date.now() / 1000)}`;
  await store.write(settings, name, await etcd.snapshot());
  const all = (await store.list(settings)).filter((one) => one.name.startsWith(PREFIX));
  all.sort((one, other) => other.modified.getTime() - one.modified.getTime());
  for (const { name: old } of all.slice(settings.retention)) await store.remove(settings, old);
  return name;
}

/** @param prefix of the name, by default that of scheduled snapshots */
export type SaveSnapshot = (server: ClusterServer, prefix?: string) => Promise<string | undefined>;

/** @returns a function that saves one server's snapshot, or does nothing where it is told to save none */
export function snapshotSaver(store: SnapshotStore, log: (line: string) => void): SaveSnapshot {
  return async (server, prefix = PREFIX) => {
    if (server.snapshots === undefined) return undefined;
    const name = await takeSnapshot(store, server, server.snapshots, prefix);
    log(`${server.nodeName}: snapshot ${name} saved.`);
    return name;
  };
}

/** Calls back at every minute at which a server's schedule asks for a snapshot. @returns how to end it */
export function onSchedule(clusters: () => readonly Cluster[], snapshot: (server: ClusterServer) => void): () => void {
  const tick = (): void => {
    const minute = new Date();
    for (const { servers } of clusters()) {
      for (const server of servers.values()) {
        if (server.ready && server.snapshots !== undefined && cronSchedule(server.snapshots.schedule)?.(minute))
          snapshot(server);
      }
    }
    timer = atNextMinute(tick);
  };
  let timer = atNextMinute(tick);
  return () => clearTimeout(timer);
}

function atNextMinute(tick: () => void): NodeJS.Timeout {
  return setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS)).unref();
}
