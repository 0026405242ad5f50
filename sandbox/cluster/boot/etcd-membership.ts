/** Which servers form a cluster's etcd. */
import type { Cluster, ClusterServer } from '../cluster';
import { peerUrl } from '../control-plane/etcd';
import type { EtcdClient } from '../control-plane/etcd-client';

const PUBLISH_MS = 500;

/** How a joining server's etcd is started and waited for. */
export interface EtcdStarter {
  /** Given the members as etcd's flag wants them. */
  start(initialCluster: readonly string[]): void;
  restart(initialCluster: readonly string[]): Promise<void>;
  /** Makes an attempt again and again until it succeeds. */
  repeat(attempt: () => Promise<boolean>): Promise<void>;
}

/**
 * Adds a server without a vote, starts it, and gives it a vote when it has caught up. If that fails, it is taken out
 * again. Never two at once.
 */
export function joinEtcd(cluster: Cluster, server: ClusterServer, starter: EtcdStarter): Promise<void> {
  return cluster.exclusively(async () => {
    const etcd = etcdOfAnother(cluster, server);
    if (etcd === undefined) throw new Error('no server is left to join');
    const own = peerUrl(server.publicAddress);
    const members = await etcd.addLearner(own);
    const id = members.find(({ peerUrls }) => peerUrls.includes(own))?.id ?? '';
    const initialCluster = members.map(
      ({ name, peerUrls }) => `${name === '' ? server.nodeName : name}=${peerUrls[0]}`,
    );
    try {
      starter.start(initialCluster);
      await starter.repeat(() => succeeds(etcd.promote(id)));
      await awaitHealth(server, starter, initialCluster);
    } catch (error) {
      await succeeds(etcd.removeMember(id));
      throw error;
    }
  });
}

/**
 * A new member tells the others its name before it serves. That message is lost when the member's data arrives at the
 * same moment, and is sent again after 7 s only; a restarted member sends it at once.
 */
async function awaitHealth(
  server: ClusterServer,
  starter: EtcdStarter,
  initialCluster: readonly string[],
): Promise<void> {
  const patience = Date.now() + PUBLISH_MS;
  await starter.repeat(async () => (await server.etcd.isHealthy()) || Date.now() > patience);
  if (await server.etcd.isHealthy()) return;
  await starter.restart(initialCluster);
  await starter.repeat(() => server.etcd.isHealthy());
}

/** Takes a server out, so that the others do not wait for it. Nothing happens if it is the last one. */
export function leaveEtcd(cluster: Cluster, server: ClusterServer): Promise<void> {
  return cluster.exclusively(async () => {
    const etcd = etcdOfAnother(cluster, server);
    if (etcd === undefined) return;
    const members = await etcd.members();
    const member = members.find(({ peerUrls }) => peerUrls.includes(peerUrl(server.publicAddress)));
    if (member !== undefined) await etcd.removeMember(member.id);
  });
}

function etcdOfAnother(cluster: Cluster, server: ClusterServer): EtcdClient | undefined {
  return [...cluster.servers.values()].find((other) => other !== server && other.ready)?.etcd;
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
