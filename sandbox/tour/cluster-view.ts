/** What the tour looks at in the cluster, with the admin's kubeconfig. */
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { isReady as hasReady } from '#clients/kubernetes/object';

export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly Container[] };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: { readonly waiting?: { readonly reason?: string } };
    }[];
  };
}

interface Container {
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>> | undefined>>;
}

export interface Application {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly source: { readonly repoURL: string } };
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string };
    readonly health?: { readonly status?: string };
    readonly operationState?: { readonly phase?: string; readonly message?: string };
  };
}

export interface ClusterView {
  readonly api: KubernetesClient;
  /** Pods of an application of `rt`, by its label. */
  pods(app: string): Promise<Pod[]>;
  applications(): Promise<Application[]>;
  /** An object of `rt`; undefined when there is none. @param path such as `apps/v1/deployments/gitea` */
  inTools<T>(path: string): Promise<T | undefined>;
  close(): void;
}

export const TOOLS_NAMESPACE = 'rt';

export function clusterView(kubeconfig: string): ClusterView {
  const api = new KubernetesClient(accessFromKubeconfig(kubeconfig));
  return {
    api,
    pods: (app) => api.list<Pod>(`/api/v1/namespaces/${TOOLS_NAMESPACE}/pods?labelSelector=app%3D${app}`),
    applications: () => api.list<Application>('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications'),
    inTools: (path) => {
      const [name, kind, version, group] = path.split('/').reverse() as [string, string, string, string | undefined];
      const root = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
      return api.get(`${root}/namespaces/${TOOLS_NAMESPACE}/${kind}/${name}`);
    },
    close: () => api.close(),
  };
}

/** Also whether it is to stay so. */
export function isReady({ metadata, status }: Pod): boolean {
  return hasReady(status) && metadata.deletionTimestamp === undefined;
}

/** Why containers of a pod wait, such as ImagePullBackOff. */
export function waitingReasons({ status }: Pod): string[] {
  return (status.containerStatuses ?? []).flatMap(({ state }) => state?.waiting?.reason ?? []);
}
