/** With whose certificate `forge status` and `forge wait` ask the cluster. */
import { X509Certificate } from 'node:crypto';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { accessFromKubeconfig } from '#clients/kubernetes/kubeconfig';
import { clusterAccess } from '../kubeconfig/cluster-access';
import type { Terminal } from '../output/terminal';
import type { NamedCertificate } from './certificates';

export const KUBECONFIG_OPTION = [
  '--kubeconfig <file>',
  "use this file's current context (default: the admin certificate in the Terraform state)",
] as const;

/** @param kubeconfig a file; undefined for the admin certificate from the state. KUBECONFIG is not looked at: it often names another cluster. */
export async function connect(terminal: Terminal, kubeconfig: string | undefined): Promise<KubernetesClient> {
  return new KubernetesClient(await accessOf(terminal, kubeconfig));
}

/** The connection and the certificates that it depends on. */
export async function connectWithCertificates(
  terminal: Terminal,
  kubeconfig: string | undefined,
): Promise<{ client: KubernetesClient; certificates: NamedCertificate[] }> {
  const access = await accessOf(terminal, kubeconfig);
  const own =
    kubeconfig === undefined
      ? [{ name: 'admin', pem: access.clientCertificate }]
      : [{ name: `kubeconfig (${subjectOf(access.clientCertificate)})`, pem: access.clientCertificate }];
  const authority = { name: 'cluster authority', pem: access.clusterCaCertificate };
  return { client: new KubernetesClient(access), certificates: [authority, ...own] };
}

function accessOf(terminal: Terminal, kubeconfig: string | undefined): KubernetesAccess | Promise<KubernetesAccess> {
  return kubeconfig === undefined ? clusterAccess(terminal) : accessFromKubeconfig(kubeconfig);
}

/** `O=forge:operators` */
function subjectOf(pem: string): string {
  const lines = new X509Certificate(pem).subject.split('\n');
  return lines.find((line) => line.startsWith('O=')) ?? lines.join(', ');
}
