/** What Argo CD's programs are told by the workloads that the chart installed. */
import type { KubernetesClient } from '#clients/kubernetes/client';
import { ARGOCD_NAMESPACE, COMPONENTS, type ComponentName } from './components';

/** Arguments and variables of one program. */
export interface ComponentSettings {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Of the programs that the cluster wants to run. */
export type WantedComponents = ReadonlyMap<ComponentName, ComponentSettings>;

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: KeyReference };
}

interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly args?: string[]; readonly env?: Variable[] }] };
    };
  };
}

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Empty when the release is not installed. */
export async function wantedComponents(client: KubernetesClient): Promise<WantedComponents> {
  const [deployments, statefulSets, configMaps] = await Promise.all([
    client.list<Workload>(`/apis/apps/v1/namespaces/${ARGOCD_NAMESPACE}/deployments`),
    client.list<Workload>(`/apis/apps/v1/namespaces/${ARGOCD_NAMESPACE}/statefulsets`),
    client.list<ConfigMap>(`/api/v1/namespaces/${ARGOCD_NAMESPACE}/configmaps`),
  ]);
  const wanted = new Map<ComponentName, ComponentSettings>();
  for (const name of COMPONENTS) {
    const workload = [...deployments, ...statefulSets].find(({ metadata }) => metadata.name === name);
    if (workload !== undefined && (workload.spec.replicas ?? 1) > 0) wanted.set(name, settingsOf(workload, configMaps));
  }
  return wanted;
}

/** Secrets are left out: they are the passwords between the pods, and the programs here reach each other without. */
function settingsOf({ spec }: Workload, configMaps: readonly ConfigMap[]): ComponentSettings {
  const { args = [], env = [] } = spec.template.spec.containers[0];
  const valueOf = ({ value, valueFrom }: Variable) => {
    const reference = valueFrom?.configMapKeyRef;
    if (reference === undefined) return value;
    return configMaps.find(({ metadata }) => metadata.name === reference.name)?.data?.[reference.key];
  };
  const entries = env.map((variable) => [variable.name, valueOf(variable)] as const);
  return {
    args: args.filter((argument) => !isPath(argument)),
    variables: Object.fromEntries(
      entries.filter((entry): entry is [string, string] => entry[1] !== undefined && !isPath(entry[1])),
    ),
  };
}

/** A program or a folder of the image: none of them is here. */
function isPath(text: string): boolean {
  return text.startsWith('/');
}
