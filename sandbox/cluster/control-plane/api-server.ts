/** kube-apiserver of one server, with the flags that k3s gives it. Source: k3s pkg/daemons/control/server.go. */
import type { DropletDisk } from '../droplet/droplet-disk';
import { ETCD_CLIENT_PORT } from './etcd';
import type { ServerSettings } from '../k3s/k3s-settings';
import { TLS_FOLDER } from '../k3s/pki';
import type { ProcessSpec } from '#sandbox/processes/process';
import { programFlags, type FlagValues } from './program-flags';
import type { ServerCertificates } from '../k3s/server-certificates';

export const API_PORT = 6443;

export interface ApiServerStart {
  readonly command: string;
  readonly disk: DropletDisk;
  readonly settings: ServerSettings;
  readonly certificates: ServerCertificates;
  readonly publicAddress: string;
  /** File on this machine, where Secrets are encrypted. */
  readonly encryptionConfig: string | undefined;
}

export function apiServerProcess(start: ApiServerStart): ProcessSpec {
  const { command, disk, settings, encryptionConfig } = start;
  const flags: FlagValues = {
    ...addressFlags(start),
    ...identityFlags(start),
    ...(encryptionConfig === undefined ? {} : { 'encryption-provider-config': encryptionConfig }),
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'anonymous-auth': false,
    'allow-privileged': true,
    profiling: false,
  };
  return {
    name: `${settings.nodeName}.kube-apiserver`,
    command,
    args: programFlags(flags, settings.arguments.apiServer, disk),
  };
}

function addressFlags({ disk, settings, certificates, publicAddress }: ApiServerStart): FlagValues {
  return {
    'bind-address': publicAddress,
    'secure-port': API_PORT,
    'advertise-address': settings.advertiseAddress,
    'service-cluster-ip-range': settings.serviceCidr,
    'service-node-port-range': settings.nodePorts,
    'etcd-servers': `https://${publicAddress}:${ETCD_CLIENT_PORT}`,
    'etcd-cafile': disk.at(`${TLS_FOLDER}/etcd/server-ca.crt`),
    'etcd-certfile': certificates.etcdClient.certificate,
    'etcd-keyfile': certificates.etcdClient.key,
    // On this machine kubelets are reached at their public addresses only.
    'kubelet-preferred-address-types': 'ExternalIP',
  };
}

function identityFlags({ disk, settings, certificates }: ApiServerStart): FlagValues {
  const issuer = `https://kubernetes.default.svc.${settings.clusterDomain}`;
  const tls = (file: string) => disk.at(`${TLS_FOLDER}/${file}`);
  return {
    'tls-cert-file': certificates.apiServer.certificate,
    'tls-private-key-file': certificates.apiServer.key,
    'client-ca-file': tls('client-ca.crt'),
    'kubelet-certificate-authority': tls('server-ca.crt'),
    'kubelet-client-certificate': certificates.kubelets.certificate,
    'kubelet-client-key': certificates.kubelets.key,
    'service-account-issuer': issuer,
    'api-audiences': `${issuer},k3s`,
    'service-account-key-file': tls('service.key'),
    'service-account-signing-key-file': tls('service.key'),
    'requestheader-client-ca-file': tls('request-header-ca.crt'),
    'requestheader-allowed-names': 'system:auth-proxy',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'proxy-client-cert-file': certificates.frontProxy.certificate,
    'proxy-client-key-file': certificates.frontProxy.key,
  };
}
