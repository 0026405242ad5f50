/** Writes kubeconfigs. */
import type { KubernetesAccess } from './access';

/** One with one context, in YAML. @param name of cluster, user and context */
export function kubeconfigText(name: string, access: Omit<KubernetesAccess, 'serverName'>): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${access.server}
      certificate-authority-data: ${base64(access.clusterCaCertificate)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${base64(access.clientCertificate)}
      client-key-data: ${base64(access.clientKey)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
      namespace: rt
current-context: ${name}
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
