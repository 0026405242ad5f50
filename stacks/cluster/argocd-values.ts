/** Helm values of Argo CD, and the root application that it starts with. */

import type { ForgeConfig } from '#config/schema';
import { healthChecks } from './argocd-health';
import { argoCdLogin } from './argocd-login';
import { IN_CLUSTER } from './argocd-projects';

/** Whoever holds these programs holds the cluster: they run beside the control plane and not beside builds. */
const ON_SERVERS = {
  nodeSelector: { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/control-plane': 'true' },
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
};

/** Requests and limits of one Argo CD process. */
function resources(cpu: string, memory: string, memoryLimit: string): object {
  return { resources: { requests: { cpu, memory }, limits: { memory: memoryLimit } } };
}

/** Values of the argo-cd chart. */
export function argoCdValues(config: Pick<ForgeConfig, 'domain' | 'login'>): object {
  return {
    // Of its pods only the page is open to others, which asks for a login.
    global: { domain: `argocd.${config.domain}`, networkPolicy: { create: true, defaultDenyIngress: true } },
    configs: configs(argoCdLogin(config)),
    controller: { ...resources('200m', '512Mi', '1Gi'), ...ON_SERVERS },
    repoServer: {
      ...resources('100m', '256Mi', '512Mi'),
      // The probe asks the DNS about "localhost", for up to 30 s when nobody answers; by default it has one second, and then
      // the program is killed.
      livenessProbe: { timeoutSeconds: 35 },
    },
    server: {
      ...resources('50m', '128Mi', '256Mi'),
      ...ON_SERVERS,
      ingress: { enabled: false },
      // Until Traefik sends to it no more, as in k8s/03-apps/nginx-front.yaml.
      lifecycle: { preStop: { sleep: { seconds: 8 } } },
    },
    redis: {
      ...resources('50m', '64Mi', '128Mi'),
      // The tag that Argo CD v3.5.1's own manifests name; the chart's default has known holes.
      image: { tag: '8.2.3-alpine' },
    },
    dex: { enabled: false },
    notifications: { enabled: false },
    applicationSet: { replicas: 0 },
  };
}

function configs(login: ReturnType<typeof argoCdLogin>): object {
  return {
    cm: {
      ...login.cm,
      ...healthChecks(),
      'application.resourceTrackingMethod': 'annotation',
      'timeout.reconciliation': '120s',
      // By default 50 MB of anybody's are read into memory before the signature is looked at. A push of GitHub is some KB.
      'webhook.maxPayloadSizeMB': '2',
    },
    params: {
      'controller.diff.server.side': 'true',
      // By default an error in the repository, such as broken YAML, is kept quiet for three minutes.
      'controller.repo.error.grace.period.seconds': '0',
      // A sync that waits for an unhealthy wave does not look at Git, where the repair may be.
      'controller.sync.timeout.seconds': '600',
      // Traefik ends TLS in front of it.
      'server.insecure': 'true',
    },
    rbac: login.rbac,
  };
}

/** The application that holds one Application per layer. */
export function rootApplication(namespace: string, repository: string, revision: string): object {
  return {
    namespace,
    // With it, a refusal by the API is forgotten at the next comparison (docs/decisions).
    additionalAnnotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=false' },
    project: 'forge',
    source: { repoURL: repository, targetRevision: revision, path: 'k8s/layers', directory: { recurse: false } },
    destination: { server: IN_CLUSTER, namespace },
    syncPolicy: {
      automated: { prune: true, selfHeal: true, allowEmpty: false },
      syncOptions: ['ServerSideApply=true'],
      retry: {
        limit: -1,
        refresh: true,
        backoff: { duration: '5s', factor: 2, maxDuration: '3m' },
      },
    },
  };
}
