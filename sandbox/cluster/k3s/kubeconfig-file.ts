/** Kubeconfigs of the control plane's own programs. */
import type { DropletDisk } from '../droplet/droplet-disk';
import type { CertificateFiles } from './server-certificates';

export interface KubeconfigFile {
  readonly path: string;
  /** URL of the API server. */
  readonly server: string;
  /** File with the authority of the API server, on this machine. */
  readonly authority: string;
  readonly client: CertificateFiles;
}

/** @returns where it is on this machine */
export function writeKubeconfig(disk: DropletDisk, { path, server, authority, client }: KubeconfigFile): string {
  const name = 'local';
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    // The droplet's public address, by which it is reached here, is no name of a real server's certificate.
    clusters: [{ name, cluster: { server, 'certificate-authority': authority, 'tls-server-name': 'localhost' } }],
    users: [{ name, user: { 'client-certificate': client.certificate, 'client-key': client.key } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  disk.write(path, `${JSON.stringify(kubeconfig, null, 2)}\n`);
  return disk.at(path);
}
