/** What the status is computed from: the lists of objects as the API gave them at one time. */
import { KubernetesFailure } from '#clients/kubernetes/failure';
import type { KubernetesClient } from '#clients/kubernetes/client';
import type {
  ApplicationObject,
  CertificateObject,
  ClaimObject,
  CronJobObject,
  EventObject,
  IngressObject,
  JobObject,
  NodeObject,
  PodObject,
  WorkloadObject,
} from './api-objects';

/** Namespace of the tools. */
export const TOOLS = 'rt';
const ARGO_CD = 'argocd';

interface Objects {
  readonly nodes: readonly NodeObject[];
  readonly applications: readonly ApplicationObject[];
  readonly deployments: readonly WorkloadObject[];
  readonly statefulSets: readonly WorkloadObject[];
  readonly pods: readonly PodObject[];
  readonly jobs: readonly JobObject[];
  readonly cronJobs: readonly CronJobObject[];
  readonly claims: readonly ClaimObject[];
  readonly ingresses: readonly IngressObject[];
  /** Only warnings. */
  readonly events: readonly EventObject[];
  readonly certificates: readonly CertificateObject[];
}

export interface Snapshot extends Objects {
  /** Lists that the certificate may not read. */
  readonly unseen: readonly string[];
  /** Lists of kinds that the API server does not know (yet). */
  readonly unknown: readonly ListName[];
}

type ListName = keyof Objects;

const APPS = `/apis/apps/v1/namespaces/${TOOLS}`;
const CORE = `/api/v1/namespaces/${TOOLS}`;

/** The operators' rights (k8s/01-init/operators.yaml) are by namespace, so every list is. */
const PATHS: Readonly<Record<ListName, readonly string[]>> = {
  nodes: ['/api/v1/nodes'],
  applications: [`/apis/argoproj.io/v1alpha1/namespaces/${ARGO_CD}/applications`],
  deployments: [`${APPS}/deployments`],
  statefulSets: [`${APPS}/statefulsets`],
  pods: [`${CORE}/pods`],
  jobs: [`/apis/batch/v1/namespaces/${TOOLS}/jobs`],
  cronJobs: [`/apis/batch/v1/namespaces/${TOOLS}/cronjobs`],
  claims: [`${CORE}/persistentvolumeclaims`],
  ingresses: [ARGO_CD, TOOLS].map((namespace) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`),
  events: [`${CORE}/events?fieldSelector=type%3DWarning`],
  certificates: [ARGO_CD, TOOLS].map((namespace) => `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates`),
};

/** Reads all lists at once. Fails only when the API cannot be reached or refuses the certificate altogether. */
export async function readSnapshot(client: KubernetesClient): Promise<Snapshot> {
  const [unseen, unknown]: [string[], ListName[]] = [[], []];
  const read = async (name: ListName, path: string): Promise<readonly unknown[]> => {
    try {
      return await client.list(path);
    } catch (error) {
      const status = error instanceof KubernetesFailure ? error.status : undefined;
      if (status === 403) unseen.push(describe(name, path));
      else if (status === 404) unknown.push(name);
      else throw error;
      return [];
    }
  };
  const names = Object.keys(PATHS) as ListName[];
  const lists = await Promise.all(
    names.map(async (name) => {
      const parts = await Promise.all(PATHS[name].map((path) => read(name, path)));
      return [name, parts.flat()] as const;
    }),
  );
  return {
    ...(Object.fromEntries(lists) as unknown as Objects),
    unseen: unseen.sort(),
    unknown: [...new Set(unknown)],
  };
}

/** `events of rt` */
function describe(name: ListName, path: string): string {
  const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1];
  return namespace === undefined ? name : `${name} of ${namespace}`;
}
