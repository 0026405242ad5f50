/** Encryption of Secrets in etcd. */
import type { DropletDisk } from '../droplet/droplet-disk';

const PATH = '/var/lib/rancher/k3s/server/cred/encryption-config.json';

/** @param key 32 bytes, the same on all servers of the cluster
 *  @returns the API server's configuration file, on this machine */
export function writeEncryptionConfig(disk: DropletDisk, provider: 'aescbc' | 'secretbox', key: Buffer): string {
  const keys = [{ name: `${provider}key`, secret: key.toString('base64') }];
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    // Identity last: what was written before encryption was turned on stays readable.
    resources: [{ resources: ['secrets'], providers: [{ [provider]: { keys } }, { identity: {} }] }],
  };
  disk.write(PATH, JSON.stringify(config));
  return disk.at(PATH);
}
