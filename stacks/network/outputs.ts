import { plain, secret } from '../contract';

/** What the `network` stack publishes. */
export const networkOutputs = {
  apiAddress: plain('Public address of the Kubernetes API, port 6443'),
  entranceAddress: plain('Public address of the load balancer for web pages and Git over SSH'),
  vpcId: plain('Id of the VPC that holds every droplet'),
  clusterCaCertificate: plain('PEM certificate that signs the API server, for kubeconfigs'),
  adminCertificate: plain(
    'PEM client certificate of the administrator, whose rights k8s/01-init/administrator.yaml gives',
  ),
  adminKey: secret('PEM private key of the admin certificate'),
  backupKeyId: plain('Id of the Spaces key for the backups; empty when they are off'),
  backupKeySecret: secret('Secret of the Spaces key for the backups; empty when they are off'),
  snapshotBucket: plain('Spaces bucket with the etcd snapshots'),
} as const;
