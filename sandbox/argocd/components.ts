/** The programs of Argo CD that the sandbox runs, by the names of the chart's workloads. */
export type ComponentName = 'argocd-redis' | 'argocd-repo-server' | 'argocd-application-controller' | 'argocd-server';

export interface Component {
  readonly name: ComponentName;
  readonly kind: 'Deployment' | 'StatefulSet';
  /** Where the chart's values speak of it. */
  readonly valuesKey: string;
  /** Absent: Argo CD's own. */
  readonly image?: string;
}

/** In the order in which they need each other. */
export const COMPONENTS: readonly Component[] = [
  { name: 'argocd-redis', kind: 'Deployment', valuesKey: 'redis', image: 'docker.io/library/redis:8.2.3-alpine' },
  { name: 'argocd-repo-server', kind: 'Deployment', valuesKey: 'repoServer' },
  { name: 'argocd-application-controller', kind: 'StatefulSet', valuesKey: 'controller' },
  { name: 'argocd-server', kind: 'Deployment', valuesKey: 'server' },
];

export const ARGOCD_NAMESPACE = 'argocd';
