/**
 * What each part of `k8s/` may hold. They are Terraform's and not in Git, so a commit cannot give itself more; and no layer but
 * those of the project `forge` may hold an Application, which could choose another project.
 */

export const IN_CLUSTER = 'https://kubernetes.default.svc';

/** A kind of object; the group is empty for those of Kubernetes' core. */
interface Kind {
  readonly group: string;
  readonly kind: string;
}

interface Project {
  readonly description: string;
  /** Besides this repository. */
  readonly charts?: readonly string[];
  readonly namespaces: readonly string[];
  /** That belong to no namespace. */
  readonly clusterKinds: readonly Kind[];
  /** Default: all that belong to a namespace, but for Argo CD's own. */
  readonly kinds?: readonly Kind[];
}

const kinds = (group: string, ...names: string[]): Kind[] => names.map((kind) => ({ group, kind }));
const RIGHTS = kinds('rbac.authorization.k8s.io', 'ClusterRole', 'ClusterRoleBinding');
const NAMESPACE = kinds('', 'Namespace');
const ADMISSION = 'admissionregistration.k8s.io';
const ADMISSION_POLICIES = kinds(ADMISSION, 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding');
/** Each has its add-on alone in it. */
const ADD_ON_NAMESPACES = ['traefik', 'cert-manager', 'system-upgrade', 'kured'];

const PROJECTS: Readonly<Record<string, Project>> = {
  forge: {
    description: 'Applications and nothing else, for the root and the layer of the add-ons',
    namespaces: ['argocd'],
    clusterKinds: [],
    kinds: kinds('argoproj.io', 'Application'),
  },
  'add-ons': {
    description: 'What the layers stand on, which is charts and k8s/components',
    charts: ['https://traefik.github.io/charts', 'https://charts.jetstack.io'],
    namespaces: ['kube-system', ...ADD_ON_NAMESPACES],
    clusterKinds: [
      ...NAMESPACE,
      ...RIGHTS,
      ...kinds('apiextensions.k8s.io', 'CustomResourceDefinition'),
      ...kinds('networking.k8s.io', 'IngressClass'),
      ...kinds('storage.k8s.io', 'CSIDriver', 'StorageClass'),
      ...ADMISSION_POLICIES,
      ...kinds(ADMISSION, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'),
    ],
  },
  init: {
    description: 'Namespaces, limits, network rules and rights',
    namespaces: ['rt', 'rt-builds', 'rt-images', 'argocd', ...ADD_ON_NAMESPACES],
    clusterKinds: [...NAMESPACE, ...RIGHTS, ...kinds('cert-manager.io', 'ClusterIssuer'), ...ADMISSION_POLICIES],
  },
  database: { description: "Gitea's database", namespaces: ['rt'], clusterKinds: [] },
  apps: { description: 'The tools', namespaces: ['rt', 'rt-builds', 'rt-images'], clusterKinds: [] },
};

/** @param repository URL of this one, as Argo CD reads it @returns by name, as the chart argocd-apps takes them */
export function argoCdProjects(namespace: string, repository: string): Record<string, object> {
  const values = Object.entries(PROJECTS).map(([name, project]) => {
    const { description, charts = [], namespaces, clusterKinds, kinds: own } = project;
    const limits =
      own === undefined
        ? { namespaceResourceBlacklist: kinds('argoproj.io', '*') }
        : { namespaceResourceWhitelist: own };
    const destinations = namespaces.map((destination) => ({ server: IN_CLUSTER, namespace: destination }));
    const sourceRepos = [repository, ...charts];
    return [
      name,
      { namespace, description, sourceRepos, destinations, clusterResourceWhitelist: clusterKinds, ...limits },
    ];
  });
  return Object.fromEntries(values) as Record<string, object>;
}
