/** The certificates of a node's kubelet and kube-proxy, and their way to the API, where k3s puts them. Source: k3s pkg/agent/config/config.go. */
import type { Cluster } from '../cluster';
import type { DropletDisk } from '../droplet/droplet-disk';
import { issueLeaf, type IssuedCertificate } from '../k3s/leaf-certificate';

const AGENT_FOLDER = '/var/lib/rancher/k3s/agent';

/**
 * Makes them and writes them to the droplet's disk, at every start. k3s does so for an agent, too.
 *
 * @returns what is shown to the API server when it asks for logs
 */
export async function issueKubeletCertificates(
  disk: DropletDisk,
  cluster: Cluster,
  nodeName: string,
  publicAddress: string,
): Promise<IssuedCertificate> {
  const { authorities } = cluster.pki;
  const identity = { commonName: `system:node:${nodeName}`, organization: 'system:nodes' };
  const names = [nodeName, publicAddress];
  const [client, serving, proxy] = await Promise.all([
    issueLeaf(authorities['client-ca'], { ...identity, usages: ['client'] }),
    issueLeaf(authorities['server-ca'], { ...identity, usages: ['server'], names }),
    issueLeaf(authorities['client-ca'], { commonName: 'system:kube-proxy', usages: ['client'] }),
  ]);
  const files = { 'client-kubelet': client, 'serving-kubelet': serving, 'client-kube-proxy': proxy };
  for (const [name, { certificate, key }] of Object.entries(files)) {
    disk.write(`${AGENT_FOLDER}/${name}.crt`, certificate);
    disk.write(`${AGENT_FOLDER}/${name}.key`, key);
  }
  for (const name of ['client-ca', 'server-ca'] as const) {
    disk.write(`${AGENT_FOLDER}/${name}.crt`, authorities[name].pem);
  }
  disk.write(`${AGENT_FOLDER}/kubelet.kubeconfig`, kubeconfig(cluster.server));
  return serving;
}

/** In k3s' own form: the machine's scripts read it. */
function kubeconfig(server: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    server: ${server}
    certificate-authority: ${AGENT_FOLDER}/server-ca.crt
  name: local
contexts:
- context:
    cluster: local
    namespace: default
    user: user
  name: Default
current-context: Default
kind: Config
preferences: {}
users:
- name: user
  user:
    client-certificate: ${AGENT_FOLDER}/client-kubelet.crt
    client-key: ${AGENT_FOLDER}/client-kubelet.key
`;
}
