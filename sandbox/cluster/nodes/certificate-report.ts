/** Does what report-certificates.sh does on a real droplet: writes on the Node when the first of its certificates ends. */
import { X509Certificate } from 'node:crypto';
import type { DropletDisk } from '../droplet/droplet-disk';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { AGENT_FOLDER } from './kubelet-certificates';
import { TLS_FOLDER } from '../k3s/pki';

const TIMER = '/etc/systemd/system/forge-report-certificates.timer';
const ANNOTATION = 'forge/k3s-certificates-end';

/** @param kubelet the API with the kubelet's rights: it may annotate its own Node only */
export async function reportCertificates(
  disk: DropletDisk,
  kubelet: KubernetesAccess,
  nodeName: string,
): Promise<void> {
  if (!disk.has(TIMER)) return;
  const api = new KubernetesClient(kubelet);
  try {
    await api.patch(`/api/v1/nodes/${nodeName}`, { metadata: { annotations: { [ANNOTATION]: firstEnd(disk) } } });
  } finally {
    api.close();
  }
}

function firstEnd(disk: DropletDisk): string {
  const files = [AGENT_FOLDER, TLS_FOLDER, `${TLS_FOLDER}/etcd`].flatMap((folder) =>
    disk.list(folder).map((name) => `${folder}/${name}`),
  );
  const certificates = files
    .filter((path) => path.endsWith('.crt'))
    .map((path) => new X509Certificate(disk.read(path)));
  const first = Math.min(...certificates.map(({ validTo }) => Date.parse(validTo)));
  return new Date(first).toISOString().replace('.000Z', 'Z');
}
