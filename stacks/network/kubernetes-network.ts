import { POD_CIDR, SERVICE_CIDR } from '#config/vpc-range';

/** Addresses and ports inside the cluster. They are for life: k3s refuses servers that differ in them. */
export const kubernetesNetwork = {
  podCidr: POD_CIDR,
  serviceCidr: SERVICE_CIDR,
  clusterDns: '10.43.0.10',
  apiPort: 6443,
  /** Traefik's NodePorts for HTTP, HTTPS and Git over SSH, also fixed in k8s/00-infra. */
  httpNodePort: 30080,
  httpsNodePort: 30443,
  sshNodePort: 30022,
} as const;
