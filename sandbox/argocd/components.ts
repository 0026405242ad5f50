/** The programs of Argo CD that the sandbox runs, by the names of the chart's workloads. */
export type ComponentName = 'argocd-redis' | 'argocd-repo-server' | 'argocd-application-controller' | 'argocd-server';

export interface Component {
  readonly name: ComponentName;
  readonly kind: 'Deployment' | 'StatefulSet';
  /** Where the chart's values speak of it. */
  readonly valuesKey: string;
  /** Absent: Argo CD's own. */
  readonly image?: string;
  /** Variables of its container, and the keys of argocd-cmd-params-cm that they come from: those that the stacks use. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** In the order in which they need each other. */
export const COMPONENTS: readonly Component[] = [
  { name: 'argocd-redis', kind: 'Deployment', valuesKey: 'redis', image: 'docker.io/library/redis:8.2.3-alpine' },
  { name: 'argocd-repo-server', kind: 'Deployment', valuesKey: 'repoServer' },
  {
    name: 'argocd-application-controller',
    kind: 'StatefulSet',
    valuesKey: 'controller',
    parameters: {
      ARGOCD_APPLICATION_CONTROLLER_SERVER_SIDE_DIFF: 'controller.diff.server.side',
      ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT: 'controller.sync.timeout.seconds',
      ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS: 'controller.repo.error.grace.period.seconds',
    },
  },
  {
    name: 'argocd-server',
    kind: 'Deployment',
    valuesKey: 'server',
    parameters: { ARGOCD_SERVER_INSECURE: 'server.insecure' },
  },
];

export const ARGOCD_NAMESPACE = 'argocd';
