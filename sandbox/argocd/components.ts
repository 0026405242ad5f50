/** The programs of Argo CD that the sandbox runs, by the names of the chart's workloads, in the order in which they need each other. */
export const COMPONENTS = [
  'argocd-redis',
  'argocd-repo-server',
  'argocd-application-controller',
  'argocd-server',
] as const;

export type ComponentName = (typeof COMPONENTS)[number];

export const ARGOCD_NAMESPACE = 'argocd';
