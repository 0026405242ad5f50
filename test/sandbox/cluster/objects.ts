/** Kubernetes objects for tests. */
import type { KubernetesClient } from '#clients/kubernetes/client';

export interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: {
        readonly waiting?: { readonly reason: string; readonly message: string };
        readonly running?: object;
      };
      readonly lastState?: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

export interface Node {
  readonly metadata: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: {
    readonly providerID: string;
    readonly podCIDR?: string;
    readonly taints?: readonly object[];
    readonly unschedulable?: boolean;
  };
  readonly status: {
    readonly capacity: Record<string, string>;
    readonly allocatable: Record<string, string>;
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly kubeletVersion: string };
  };
}

const template = (app: string, annotations: Record<string, string>) => ({
  metadata: { labels: { app }, annotations },
  spec: { containers: [{ name: 'main', image: 'registry.example/app:1.0' }] },
});

export async function createDeployment(
  api: KubernetesClient,
  name: string,
  replicas: number,
  annotations: Record<string, string> = {},
): Promise<void> {
  await api.create('/apis/apps/v1/namespaces/default/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, annotations) },
  });
}

export async function createDaemonSet(api: KubernetesClient, name: string): Promise<void> {
  await api.create('/apis/apps/v1/namespaces/default/daemonsets', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, {}) },
  });
}

export async function createJob(api: KubernetesClient, name: string): Promise<void> {
  const { spec, ...rest } = template(name, {});
  await api.create('/apis/batch/v1/namespaces/default/jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { template: { ...rest, spec: { ...spec, restartPolicy: 'Never' } } },
  });
}

export function podsOf(api: KubernetesClient, app: string): Promise<Pod[]> {
  return api.list<Pod>(`/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`);
}

export function isReady({ status }: Pod | Node): boolean {
  return status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}
