/** Reads the state of the whole platform. */
import type { X509Certificate } from 'node:crypto';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { appStatuses } from './apps';
import {
  accessCertificates,
  clusterCertificates,
  expiryWarnings,
  isSound,
  renewalWarnings,
  type NamedCertificate,
} from './certificates';
import { k3sCertificates, k3sWarnings } from './k3s-certificates';
import { conditionWarnings } from './condition-warnings';
import { backupStatuses, backupWarnings } from './backups';
import { blockingOf, layerStatuses, revisionWarnings } from './layers';
import type { ManifestSearch } from './manifest-search';
import { nodeStatuses } from './nodes';
import { newestJobs, objectTroubles } from './object-troubles';
import type { Evidence } from './layer-reasons';
import { etcdSnapshotStatus, type StoredSnapshots, type Unseen } from './etcd-snapshots';
import type { LayerStatus, PlatformStatus, TokenStatus } from './platform-status';
import { tokenWarnings } from './tokens';
import { podTroubles } from './pod-troubles';
import { readSnapshot, type Snapshot } from './snapshot';

export interface StatusOptions {
  /** Finds the files of objects in the working tree. */
  readonly search: ManifestSearch;
  /** Of the access to the cluster. Default: none are looked at. */
  readonly certificates?: readonly NamedCertificate[];
  /** Of the environment of who asks. Default: none are looked at. */
  readonly tokens?: readonly TokenStatus[];
  /** Default: nobody looked. */
  readonly etcdSnapshots?: StoredSnapshots | Unseen;
  /** What the API server showed. */
  readonly apiCertificate?: X509Certificate | undefined;
  /** Default: the clock's. */
  readonly now?: Date;
}

/** Throws a KubernetesFailure when the API cannot be reached; what the certificate may not see is named in `unseen`. */
export async function readStatus(client: KubernetesClient, options: StatusOptions): Promise<PlatformStatus> {
  const snapshot = await readSnapshot(client);
  return platformStatus(snapshot, client.server, { ...options, apiCertificate: client.serverCertificate });
}

/** The same from objects that were read before. */
export function platformStatus(
  snapshot: Snapshot,
  server: string,
  { search, certificates = [], tokens = [], etcdSnapshots, apiCertificate, now = new Date() }: StatusOptions,
): PlatformStatus {
  const nodes = nodeStatuses(snapshot.nodes);
  const apps = appStatuses(snapshot.deployments, snapshot.statefulSets);
  const troubles = [...podTroubles(snapshot.pods, snapshot.events), ...objectTroubles(snapshot)];
  const layers = layersOf(snapshot, { search, troubles });
  const blocking = blockingOf(layers);
  const ofAccess = accessCertificates(certificates, now);
  const ofK3s = k3sCertificates(snapshot.nodes, apiCertificate, now);
  const found = {
    server,
    readAt: now.toISOString(),
    nodes,
    layers,
    ...(blocking && { blocking }),
    apps,
    troubles,
    backups: backupStatuses(snapshot.cronJobs, now),
    ...(etcdSnapshots &&
      'newest' in etcdSnapshots && {
        etcdSnapshots: etcdSnapshotStatus(etcdSnapshots, oldest(snapshot.nodes), now),
      }),
    tokens,
    certificates: [...ofAccess, ...clusterCertificates(snapshot.certificates, now), ...ofK3s],
    warnings: [
      ...revisionWarnings(layers),
      ...conditionWarnings(snapshot.applications, search),
      ...expiryWarnings(ofAccess, now),
      ...k3sWarnings(ofK3s, snapshot.nodes, now),
      ...renewalWarnings(snapshot.certificates, now),
      ...tokenWarnings(tokens, now),
      ...backupWarnings(newestJobs(snapshot.jobs)),
    ],
    unseen: [...snapshot.unseen, ...(etcdSnapshots && 'unseen' in etcdSnapshots ? [etcdSnapshots.unseen] : [])],
  };
  return { healthy: isHealthy(found), ...found };
}

/** When the first node came: a cluster without snapshots is as old. */
function oldest(nodes: Snapshot['nodes']): Date | undefined {
  const [first] = nodes.flatMap(({ metadata }) => metadata.creationTimestamp ?? []).sort();
  return first === undefined ? undefined : new Date(first);
}

function isHealthy(found: Omit<PlatformStatus, 'healthy'>): boolean {
  const { unseen, nodes, blocking, apps, troubles, certificates, backups, etcdSnapshots } = found;
  const areNodesReady = nodes.length > 0 && nodes.every(({ ready, problem }) => ready && !problem);
  return (
    (unseen.includes('nodes') || areNodesReady) &&
    blocking === undefined &&
    apps.every(({ healthy }) => healthy) &&
    troubles.length === 0 &&
    certificates.every(isSound) &&
    backups.every(({ late }) => !late) &&
    etcdSnapshots?.late !== true
  );
}

function layersOf({ unseen, unknown, applications }: Snapshot, evidence: Evidence): LayerStatus[] {
  if (unseen.some((list) => list.startsWith('applications'))) return [];
  return layerStatuses(applications, !unknown.includes('applications'), evidence);
}
