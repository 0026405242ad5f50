/**
 * The flags of `k3s server` and `k3s agent`, which are also the keys of its configuration file.
 * Source: K3s documentation, "k3s server" and "k3s agent", and rancher/rke2 pkg/cli/cmds/server.go, which names them all.
 */
export type FlagType = 'text' | 'switch' | 'number' | 'list';
export type Flags = ReadonlyMap<string, FlagType>;

const words = (text: string): string[] => text.trim().split(/\s+/);
const flags = (type: FlagType, text: string): [string, FlagType][] => words(text).map((name) => [name, type]);

const EVERYWHERE = [
  ...flags('switch', 'debug alsologtostderr with-node-id selinux protect-kernel-defaults docker rootless'),
  ...flags('switch', 'prefer-bundled-bin disable-default-registry-endpoint nonroot-devices disable-apiserver-lb'),
  ...flags('number', 'v lb-server-port'),
  ...flags('text', 'config vmodule log token token-file server data-dir node-name resolv-conf flannel-iface'),
  ...flags('text', 'flannel-conf flannel-cni-conf vpn-auth vpn-auth-file image-credential-provider-bin-dir'),
  ...flags('text', 'image-credential-provider-config container-runtime-endpoint image-service-endpoint'),
  ...flags('text', 'default-runtime pause-image snapshotter private-registry'),
  ...flags('list', 'node-label node-taint node-ip node-external-ip node-internal-dns node-external-dns'),
  ...flags('list', 'kubelet-arg kube-proxy-arg airgap-extra-registry'),
];

const ON_SERVERS = [
  ...flags('switch', 'cluster-init cluster-reset disable-scheduler disable-cloud-controller disable-kube-proxy'),
  ...flags('switch', 'disable-network-policy disable-helm-controller disable-apiserver disable-controller-manager'),
  ...flags('switch', 'disable-etcd disable-agent embedded-registry supervisor-metrics enable-pprof secrets-encryption'),
  ...flags('switch', 'flannel-ipv6-masq flannel-external-ip tls-san-security kine-tls etcd-expose-metrics'),
  ...flags('switch', 'etcd-disable-snapshots etcd-snapshot-compress etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure'),
  ...flags('number', 'https-listen-port advertise-port etcd-snapshot-retention etcd-s3-retention'),
  ...flags('text', 'bind-address advertise-address agent-token agent-token-file service-node-port-range'),
  ...flags('text', 'cluster-domain flannel-backend egress-selector-mode servicelb-namespace write-kubeconfig'),
  ...flags('text', 'write-kubeconfig-mode write-kubeconfig-group helm-job-image cluster-reset-restore-path'),
  ...flags('text', 'datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile system-default-registry'),
  ...flags('text', 'default-local-storage-path secrets-encryption-provider etcd-snapshot-name etcd-snapshot-dir'),
  ...flags('text', 'etcd-snapshot-schedule-cron etcd-snapshot-reconcile-interval etcd-s3-endpoint etcd-s3-endpoint-ca'),
  ...flags('text', 'etcd-s3-access-key etcd-s3-secret-key etcd-s3-session-token etcd-s3-bucket etcd-s3-region'),
  ...flags('text', 'etcd-s3-bucket-lookup-type etcd-s3-folder etcd-s3-proxy etcd-s3-config-secret etcd-s3-timeout'),
  ...flags('list', 'tls-san cluster-cidr service-cidr cluster-dns disable kube-apiserver-arg etcd-arg'),
  ...flags('list', 'kube-scheduler-arg kube-controller-manager-arg kube-cloud-controller-manager-arg'),
];

export const AGENT_FLAGS: Flags = new Map(EVERYWHERE);
export const SERVER_FLAGS: Flags = new Map([...EVERYWHERE, ...ON_SERVERS]);

/** Settings in which all servers of a cluster must agree. Source: K3s documentation, "k3s server". */
export const CRITICAL_FLAGS: readonly string[] = words(`agent-token cluster-cidr cluster-dns cluster-domain
  disable-cloud-controller disable-helm-controller disable-network-policy egress-selector-mode embedded-registry
  flannel-backend flannel-external-ip flannel-ipv6-masq secrets-encryption secrets-encryption-provider service-cidr`);
