/** Which values of the manifests forge.yaml decides. */
import { LOGIN_HOST } from '#config/hosts';
import { loginGroup, loginIssuer } from '#config/login';
import { administrator, operatorNames } from '#config/people';
import type { ForgeConfig } from '#config/schema';
import { cloudNames } from '#stacks/network/names';
import { repositoryUrl } from '#stacks/repository-url';
import { dexConfig } from './dex-config';

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
  /** The path leads to a list that has one element for each of the value's words: the word itself, or alike but for the key `name`. */
  readonly perWord?: true;
  readonly value: (config: ForgeConfig) => string;
}

const VALUES = ['spec', 'source', 'helm', 'valuesObject'];
const PAGE = ['data', 'index.html'];
const CONTAINERS = ['spec', 'template', 'spec', 'containers'];
/** Left out of their layer where there is no login: a glob of Argo CD. */
const LOGIN_FILES = '{argocd-page,dex}.yaml';
const HTTPS_PORT = 443;
const SUBMISSION_PORT = 587;
/** Of mail that is TLS from the first byte on. */
const TLS_PORT = 465;
/** What a tool must know of Dex; nothing where there is none. */
const ofLogin: Readonly<Record<string, (config: ForgeConfig) => string>> = {
  ISSUER: (config) => (config.login ? loginIssuer(config) : ''),
  ADMINISTRATORS: (config) => loginGroup(config, 'maintainers'),
};
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
  kured('KURED_REBOOT_DAYS', ({ days }) => days.join(',')),
  kured('KURED_START_TIME', ({ hours }) => hours.split('-')[0]!),
  kured('KURED_END_TIME', ({ hours }) => hours.split('-')[1]!),
  {
    kind: 'ClusterRoleBinding',
    name: 'forge-administrator',
    path: ['subjects', { kind: 'User' }, 'name'],
    value: administrator,
  },
  operators('ClusterRoleBinding', 'forge-operators'),
  operators('RoleBinding', 'forge-operators'),
  operators('RoleBinding', 'forge-operators-view'),
  operators('RoleBinding', 'forge-operators-backup'),
  allowed('Middleware'),
  allowed('MiddlewareTCP'),
  { kind: 'ClusterIssuer', path: ['spec', 'acme', 'email'], value: (c) => c.acmeEmail },
  ...ingress('argocd', 'argocd'),
  {
    kind: 'Application',
    name: 'layer-01-init',
    path: ['spec', 'source', 'directory', 'exclude'],
    value: ({ login }) => (login ? '' : LOGIN_FILES),
  },
  { kind: 'ConfigMap', name: 'dex', path: ['data', 'config.yaml'], value: dexConfig },
  ...ingress('dex', LOGIN_HOST),
  ...ingress('gitea', 'gitea'),
  ...ingress('jenkins', 'jenkins'),
  ...ingress('nginx-front', 'forge'),
  hostOf('argocd-page', 'argocd'),
  hostOf('argocd-login', 'argocd'),
  hostOf('dex-login', LOGIN_HOST),
  hostOf('dex-open', LOGIN_HOST),
  hostOf('gitea-login', 'gitea'),
  hostOf('gitea-health', 'gitea'),
  hostOf('jenkins-login', 'jenkins'),
  hostOf('jenkins-health', 'jenkins'),
  hostOf('nginx-front-health', 'forge'),
  ...settings('gitea-env', 'GITEA', {
    __server__DOMAIN: host('gitea'),
    __server__ROOT_URL: (c) => `https://${host('gitea')(c)}/`,
    __server__SSH_DOMAIN: host('gitea'),
    __server__SSH_PORT: ({ git }) => String(git.sshPort),
    __mailer__ENABLED: ({ mail }) => String(mail !== undefined),
    __mailer__PROTOCOL: ({ mail }) => (mail?.port === TLS_PORT ? 'smtps' : 'smtp+starttls'),
    __mailer__SMTP_ADDR: ({ mail }) => mail?.host ?? '',
    __mailer__SMTP_PORT: ({ mail }) => String(mail?.port ?? ''),
    __mailer__FROM: ({ mail }) => mail?.from ?? '',
    __mailer__USER: ({ mail }) => mail?.username ?? '',
    __service__ENABLE_BASIC_AUTHENTICATION: ({ login }) => String(login === undefined),
    _ADMIN_EMAIL: ({ acmeEmail }) => acmeEmail,
  }),
  ...settings('gitea-introduction', 'LOGIN_', ofLogin),
  ...settings('jenkins-env', 'LOGIN_', ofLogin),
  ...settings('jenkins-env', '', {
    PEOPLE: ({ login }) => (login ? 'login' : 'local'),
    DOMAIN: ({ domain }) => domain,
    ADMINISTRATOR_EMAIL: ({ mail, acmeEmail }) => mail?.from ?? acmeEmail,
    MAIL_HOST: ({ mail }) => mail?.host ?? '',
    MAIL_PORT: ({ mail }) => String(mail?.port ?? ''),
    MAIL_SSL: ({ mail }) => String(mail?.port === TLS_PORT),
    MAIL_STARTTLS: ({ mail }) => String(mail !== undefined && mail.port !== TLS_PORT),
    MAIL_USERNAME: ({ mail }) => mail?.username ?? '',
  }),
  ...settings('backup-mail', 'MAIL_', {
    URL: ({ mail }) => (mail ? `${mail.port === TLS_PORT ? 'smtps' : 'smtp'}://${mail.host}:${mail.port}` : ''),
    FROM: ({ mail }) => mail?.from ?? '',
    TO: ({ acmeEmail }) => acmeEmail,
    USERNAME: ({ mail }) => mail?.username ?? '',
  }),
  ...['gitea', 'jenkins'].flatMap((name) => [
    toKubernetes(name),
    toMail(name, [1, 'ports', 1], HTTPS_PORT),
    toMail(`backup-${name}-mail`, [0, 'ports', 0], SUBMISSION_PORT),
  ]),
  { kind: 'ConfigMap', name: 'nginx-front-page', path: PAGE, within: /gitea\.[^/"]+(?=\/")/, value: host('gitea') },
  { kind: 'ConfigMap', name: 'nginx-front-page', path: PAGE, within: /jenkins\.[^/"]+(?=\/")/, value: host('jenkins') },
  {
    kind: 'ConfigMap',
    name: 'nginx-front-page',
    path: PAGE,
    within: /(?<=<h2>)(<a href="[^"]*">)?Argo CD(<\/a>)?(?=<\/h2>)/,
    value: (c) => (c.login ? `<a href="https://${host('argocd')(c)}/">Argo CD</a>` : 'Argo CD'),
  },
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
    {
      kind: 'CronJob',
      name,
      path: ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels', 'forge/mail'],
      value: (c) => String(c.mail !== undefined),
    },
  ]),
];

function host(label: string): (config: ForgeConfig) => string {
  return ({ domain }) => `${label}.${domain}`;
}

/** A variable of what reboots machines. */
function kured(name: string, valueOf: (maintenance: ForgeConfig['maintenance']) => string): Rule {
  const path = [...CONTAINERS, { name: 'kured' }, 'env', { name }, 'value'];
  return { kind: 'DaemonSet', name: 'kured', path, value: ({ maintenance }) => valueOf(maintenance) };
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

/** Of a ConfigMap; `prefix` is the start of all keys. */
function settings(name: string, prefix: string, values: Readonly<Record<string, Rule['value']>>): Rule[] {
  return Object.entries(values).map(([key, value]) => ({
    kind: 'ConfigMap',
    name,
    path: ['data', `${prefix}${key}`],
    value,
  }));
}

/** The way out to the mail server. Without one it is a way that is open anyhow, or that nobody may go. */
function toMail(name: string, place: readonly Step[], otherwise: number): Rule {
  return {
    kind: 'NetworkPolicy',
    name,
    path: ['spec', 'egress', ...place, 'port'],
    // A number: it must not be quoted.
    within: /\d+/,
    value: ({ mail }) => String(mail?.port ?? otherwise),
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

function operators(kind: string, name: string): Rule {
  return { kind, name, path: ['subjects'], perWord: true, value: (config) => operatorNames(config).join(' ') };
}

/** Of what lets people in by their address. */
function allowed(kind: string): Rule {
  const path = ['spec', 'ipAllowList', 'sourceRange'];
  return { kind, name: 'access', path, perWord: true, value: ({ access }) => access.web.join(' ') };
}

function hostOf(name: string, label: string): Rule {
  return { kind: 'Ingress', name, path: ['spec', 'rules', 0, 'host'], value: host(label) };
}

function ingress(name: string, label: string): Rule[] {
  return [hostOf(name, label), { kind: 'Ingress', name, path: ['spec', 'tls', 0, 'hosts', 0], value: host(label) }];
}
