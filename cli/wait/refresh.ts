/** Asks Argo CD to look at Git now, so that nothing that was healthy before the last push is taken for done. */
import { KubernetesFailure } from '#clients/kubernetes/failure';
import type { KubernetesClient } from '#clients/kubernetes/client';
import type { ApplicationObject } from '../status/api-objects';

/** Argo CD removes it when it has compared. */
const REFRESH = 'argocd.argoproj.io/refresh';
const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';

/** False when the certificate may not: then what was pushed in the last minutes may not be seen yet. */
export async function requestRefresh(
  client: KubernetesClient,
  applications: readonly ApplicationObject[],
): Promise<boolean> {
  const change = { metadata: { annotations: { [REFRESH]: 'normal' } } };
  for (const { metadata } of applications) {
    try {
      await client.patch(`${APPLICATIONS}/${metadata.name}`, change);
    } catch (error) {
      const status = error instanceof KubernetesFailure ? error.status : undefined;
      if (status === 403) return false;
      // Removed in the meantime: nothing to compare.
      if (status !== 404) throw error;
    }
  }
  return true;
}

/** Names of the Applications that Argo CD was asked to compare, and has not. */
export function pendingRefreshes(applications: readonly ApplicationObject[]): string[] {
  return applications
    .filter(({ metadata }) => metadata.annotations?.[REFRESH] !== undefined)
    .map(({ metadata }) => metadata.name);
}
