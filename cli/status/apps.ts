import type { WorkloadObject } from './api-objects';
import type { AppStatus } from './platform-status';

/** Deployments and StatefulSets together, by name. */
export function appStatuses(
  deployments: readonly WorkloadObject[],
  statefulSets: readonly WorkloadObject[],
): AppStatus[] {
  return [
    ...deployments.map((one) => appStatus('Deployment', one)),
    ...statefulSets.map((one) => appStatus('StatefulSet', one)),
  ].sort((one, other) => one.name.localeCompare(other.name));
}

function appStatus(kind: AppStatus['kind'], { metadata, spec, status = {} }: WorkloadObject): AppStatus {
  const wanted = spec?.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const seen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ready,
    wanted,
    images: [...new Set((spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? ''))],
    healthy: seen && ready >= wanted && (status.updatedReplicas ?? 0) >= wanted,
  };
}
