/** The sandbox's part of the chart argocd-apps: AppProjects and Applications, which read the sandbox's Git instead of GitHub. */
import type { EmulatedChart } from '../cloud/terraform/helm/emulated-chart';
import { mappingAt, type Values } from '../cloud/terraform/helm/release-values';

/** @param repositories what stands where an address of a repository stood */
export function argoCdAppsChart(repositories: ReadonlyMap<string, string>): EmulatedChart {
  return ({ namespace, values }) => {
    const replaced = (part: Values) => withRepositories(part, repositories) as Values;
    return Promise.resolve([
      ...objects('AppProject', namespace, replaced(mappingAt(values, 'projects'))),
      ...objects('Application', namespace, replaced(mappingAt(values, 'applications'))),
    ]);
  };
}

function objects(kind: string, releaseNamespace: string, byName: Values) {
  return Object.entries(byName).map(([name, entry]) => {
    const { namespace = releaseNamespace, additionalAnnotations, finalizers, ...spec } = entry as Values;
    return {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind },
      metadata: {
        ...{ name, namespace: namespace as string },
        ...(additionalAnnotations !== undefined && { annotations: additionalAnnotations as Record<string, string> }),
        ...(finalizers !== undefined && { finalizers: finalizers as string[] }),
      },
      spec,
    };
  });
}

function withRepositories(value: unknown, repositories: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return repositories.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => withRepositories(item, repositories));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRepositories(item, repositories)]));
}
