/** The workloads of the add-ons whose work the controllers do: while one is not Ready, its work stays undone. */
import type { KubernetesObject } from '#clients/kubernetes/object';
import type { ClusterView } from './controller';

export interface AddOn {
  readonly namespace: string;
  readonly kind: 'deployments' | 'statefulsets';
  readonly name: string;
}

interface WorkloadContainer {
  readonly image: string;
  readonly args?: readonly string[];
}

export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly WorkloadContainer[] } };
  };
  readonly status?: { readonly readyReplicas?: number };
}

export const TRAEFIK: AddOn = { namespace: 'traefik', kind: 'deployments', name: 'traefik' };
export const CERT_MANAGER: AddOn = { namespace: 'cert-manager', kind: 'deployments', name: 'cert-manager' };
export const VOLUME_DRIVER: AddOn = { namespace: 'kube-system', kind: 'statefulsets', name: 'csi-do-controller' };

/** Path for a watch on the add-on's workload. */
export function workloadsOf({ namespace, kind }: AddOn): string {
  return `/apis/apps/v1/namespaces/${namespace}/${kind}`;
}

/** The workload, if one of its pods is Ready. */
export function readyWorkload(view: ClusterView, addOn: AddOn): Workload | undefined {
  const workloads = view.objects<Workload>(workloadsOf(addOn));
  return workloads.find(({ metadata, status }) => metadata.name === addOn.name && (status?.readyReplicas ?? 0) > 0);
}
