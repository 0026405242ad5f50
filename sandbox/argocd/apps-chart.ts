/** The sandbox's part of the chart argocd-apps: AppProjects and Applications. */
import type { EmulatedChart } from '../cloud/terraform/helm/emulated-chart';
import { mappingAt, type Values } from '../cloud/terraform/helm/release-values';

export const argoCdAppsChart: EmulatedChart = ({ namespace, values }) =>
  Promise.resolve([
    ...objects('AppProject', namespace, mappingAt(values, 'projects')),
    ...objects('Application', namespace, mappingAt(values, 'applications')),
  ]);

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
