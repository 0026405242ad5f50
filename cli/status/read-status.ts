/** Reads the state of the whole platform. */
import type { KubernetesClient } from '../kubernetes/client';
import { appStatuses } from './apps';
import {
  accessCertificates,
  clusterCertificates,
  expiryWarnings,
  renewalWarnings,
  type NamedCertificate,
} from './certificates';
import { blockingOf, layerStatuses, revisionWarnings } from './layers';
import type { ManifestSearch } from './manifest-search';
import { nodeStatuses } from './nodes';
import { objectTroubles } from './object-troubles';
import type { PlatformStatus } from './platform-status';
import { podTroubles } from './pod-troubles';
import { readSnapshot, type Snapshot } from './snapshot';

export interface StatusOptions {
  /** Finds the files of objects in the working tree. */
  readonly search: ManifestSearch;
  /** Of the access to the cluster. Default: none are looked at. */
  readonly certificates?: readonly NamedCertificate[];
  /** Default: the clock's. */
  readonly now?: Date;
}

/** Throws a KubernetesFailure when the API cannot be reached; what the certificate may not see is named in `unseen`. */
export async function readStatus(client: KubernetesClient, options: StatusOptions): Promise<PlatformStatus> {
  return platformStatus(await readSnapshot(client), client.server, options);
}

/** The same from objects that were read before. */
export function platformStatus(
  snapshot: Snapshot,
  server: string,
  { search, certificates = [], now = new Date() }: StatusOptions,
): PlatformStatus {
  const nodes = nodeStatuses(snapshot.nodes);
  const apps = appStatuses(snapshot.deployments, snapshot.statefulSets);
  const troubles = [...podTroubles(snapshot.pods, snapshot.events), ...objectTroubles(snapshot)];
  const maySeeLayers = !snapshot.unseen.some((list) => list.startsWith('applications'));
  const installed = !snapshot.unknown.includes('applications');
  const layers = maySeeLayers ? layerStatuses(snapshot.applications, installed, { search, troubles }) : [];
  const blocking = blockingOf(layers);
  const ofAccess = accessCertificates(certificates, now);
  const ofCluster = clusterCertificates(snapshot.certificates, now);
  const parts = [
    snapshot.unseen.includes('nodes') || (nodes.length > 0 && nodes.every(({ ready, problem }) => ready && !problem)),
    blocking === undefined,
    apps.every(({ healthy }) => healthy),
    troubles.length === 0,
    [...ofAccess, ...ofCluster].every(({ valid }) => valid),
  ];
  return {
    healthy: parts.every(Boolean),
    ...{ server, readAt: now.toISOString(), nodes, layers },
    ...(blocking && { blocking }),
    ...{ apps, troubles },
    certificates: [...ofAccess, ...ofCluster],
    warnings: [
      ...revisionWarnings(layers),
      ...expiryWarnings(ofAccess, now),
      ...renewalWarnings(snapshot.certificates, now),
    ],
    unseen: snapshot.unseen,
  };
}
