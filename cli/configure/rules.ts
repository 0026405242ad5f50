/** Which values of the manifests forge.yaml decides. */
import type { ForgeConfig } from '#config/schema';
import { cloudNames } from '#stacks/network/names';
import { repositoryUrl } from '#stacks/repository-url';

/** A key, a position, or the element of a list that has these values. */
export type Step = string | number | Readonly<Record<string, string>>;

export interface Rule {
  /** Every document of this kind, or the one with this name. */
  readonly kind: string;
  readonly name?: string;
  /** Documents that have another value there are left alone. */
  readonly when?: { readonly path: readonly Step[]; readonly startsWith: string };
  readonly path: readonly Step[];
  /** The part of the text that is decided; absent: all of it. */
  readonly within?: RegExp;
  readonly value: (config: ForgeConfig) => string;
}

const VALUES = ['spec', 'source', 'helm', 'valuesObject'];
const PAGE = ['data', 'index.html'];
const CONTAINERS = ['spec', 'template', 'spec', 'containers'];
const JENKINS_ENV = [...CONTAINERS, { name: 'jenkins' }, 'env'];
const ownManifests = { path: ['spec', 'source', 'path'], startsWith: 'k8s/' };

export const RULES: readonly Rule[] = [
  {
    kind: 'Application',
    when: ownManifests,
    path: ['spec', 'source', 'repoURL'],
    value: (c) => repositoryUrl(c.repository),
  },
  { kind: 'Application', when: ownManifests, path: ['spec', 'source', 'targetRevision'], value: (c) => c.revision },
  {
    kind: 'Application',
    name: 'traefik',
    path: [...VALUES, 'providers', 'kubernetesIngress', 'ingressEndpoint', 'hostname'],
    value: host('forge'),
  },
  trustedProxies('web'),
  trustedProxies('websecure'),
  trustedProxies('ssh'),
  {
    kind: 'StatefulSet',
    name: 'csi-do-controller',
    path: [...CONTAINERS, { name: 'csi-do-plugin' }, 'env', { name: 'VOLUME_TAG' }, 'value'],
    value: (c) => cloudNames(c.name, c.environment).cluster,
  },
  { kind: 'Plan', path: ['spec', 'version'], value: (c) => c.kubernetes.version },
  {
    kind: 'Plan',
    path: ['spec', 'nodeSelector', 'matchExpressions', { key: 'forge/k3s-version' }, 'values', 0],
    // A label cannot hold a plus sign.
    value: (c) => c.kubernetes.version.replace('+', '-'),
  },
  { kind: 'ClusterIssuer', path: ['spec', 'acme', 'email'], value: (c) => c.acmeEmail },
  ...ingress('argocd', 'argocd'),
  ...ingress('gitea', 'gitea'),
  ...ingress('jenkins', 'jenkins'),
  ...ingress('nginx-front', 'forge'),
  { kind: 'ConfigMap', name: 'gitea-env', path: ['data', 'GITEA__server__DOMAIN'], value: host('gitea') },
  {
    kind: 'ConfigMap',
    name: 'gitea-env',
    path: ['data', 'GITEA__server__ROOT_URL'],
    value: (c) => `https://${host('gitea')(c)}/`,
  },
  { kind: 'ConfigMap', name: 'gitea-env', path: ['data', 'GITEA__server__SSH_DOMAIN'], value: host('gitea') },
  {
    kind: 'ConfigMap',
    name: 'gitea-env',
    path: ['data', 'GITEA__server__SSH_PORT'],
    value: (c) => String(c.git.sshPort),
  },
  { kind: 'ConfigMap', name: 'gitea-env', path: ['data', 'GITEA_ADMIN_EMAIL'], value: (c) => c.acmeEmail },
  { kind: 'StatefulSet', name: 'jenkins', path: [...JENKINS_ENV, { name: 'DOMAIN' }, 'value'], value: (c) => c.domain },
  {
    kind: 'StatefulSet',
    name: 'jenkins',
    path: [...JENKINS_ENV, { name: 'ADMINISTRATOR_EMAIL' }, 'value'],
    value: (c) => c.acmeEmail,
  },
  ...['gitea', 'jenkins'].map(toKubernetes),
  { kind: 'ConfigMap', name: 'nginx-front-page', path: PAGE, within: /gitea\.[^/"]+(?=\/")/, value: host('gitea') },
  { kind: 'ConfigMap', name: 'nginx-front-page', path: PAGE, within: /jenkins\.[^/"]+(?=\/")/, value: host('jenkins') },
  { kind: 'ConfigMap', name: 'nginx-front-page', path: PAGE, within: /argocd\.[^/"]+(?=\/")/, value: host('argocd') },
  ...['backup-gitea', 'backup-jenkins'].flatMap((name): Rule[] => [
    { kind: 'CronJob', name, path: ['spec', 'schedule'], value: (c) => c.backups.schedule },
    {
      kind: 'CronJob',
      name,
      path: ['spec', 'suspend'],
      // A truth value: it must not be quoted.
      within: /true|false/,
      value: (c) => String(!c.backups.enabled),
    },
  ]),
];

function host(label: string): (config: ForgeConfig) => string {
  return ({ domain }) => `${label}.${domain}`;
}

/** Of a port of Traefik. */
function trustedProxies(port: string): Rule {
  return {
    kind: 'Application',
    name: 'traefik',
    path: [...VALUES, 'ports', port, 'proxyProtocol', 'trustedIPs', 0],
    value: ({ network }) => network.cidr,
  };
}

/** The servers, for a program that talks to the Kubernetes API. */
function toKubernetes(name: string): Rule {
  return {
    kind: 'NetworkPolicy',
    name,
    path: ['spec', 'egress', 0, 'to', 0, 'ipBlock', 'cidr'],
    value: ({ network }) => network.cidr,
  };
}

function ingress(name: string, label: string): Rule[] {
  return [
    { kind: 'Ingress', name, path: ['spec', 'rules', 0, 'host'], value: host(label) },
    { kind: 'Ingress', name, path: ['spec', 'tls', 0, 'hosts', 0], value: host(label) },
  ];
}
