/** kube-controller-manager and kube-scheduler of one server, with the flags that k3s gives them. */
import { API_PORT } from './api-server';
import type { DropletDisk } from '../droplet/droplet-disk';
import type { ServerSettings } from '../k3s/k3s-settings';
import { writeKubeconfig } from '../k3s/kubeconfig-file';
import { TLS_FOLDER } from '../k3s/pki';
import type { ProcessSpec } from '#sandbox/processes/process';
import { programFlags, type FlagValues } from './program-flags';
import type { CertificateFiles, ServerCertificates } from '../k3s/server-certificates';

export interface ControllerStart {
  readonly command: string;
  readonly disk: DropletDisk;
  readonly settings: ServerSettings;
  readonly certificates: ServerCertificates;
  readonly publicAddress: string;
}

const CREDENTIALS = '/var/lib/rancher/k3s/server/cred';

export function controllerManagerProcess(start: ControllerStart): ProcessSpec {
  const { command, disk, settings, certificates } = start;
  const tls = (file: string) => disk.at(`${TLS_FOLDER}/${file}`);
  const flags: FlagValues = {
    ...shared(start, 'controller', certificates.controllerManager),
    'secure-port': 10257,
    controllers: '*,tokencleaner',
    'cluster-cidr': settings.clusterCidr,
    'service-cluster-ip-range': settings.serviceCidr,
    'allocate-node-cidrs': true,
    'configure-cloud-routes': false,
    'use-service-account-credentials': true,
    'root-ca-file': tls('server-ca.crt'),
    'service-account-private-key-file': tls('service.key'),
    'cluster-signing-kube-apiserver-client-cert-file': tls('client-ca.crt'),
    'cluster-signing-kube-apiserver-client-key-file': tls('client-ca.key'),
    'cluster-signing-kubelet-client-cert-file': tls('client-ca.crt'),
    'cluster-signing-kubelet-client-key-file': tls('client-ca.key'),
    'cluster-signing-kubelet-serving-cert-file': tls('server-ca.crt'),
    'cluster-signing-kubelet-serving-key-file': tls('server-ca.key'),
    'cluster-signing-legacy-unknown-cert-file': tls('server-ca.crt'),
    'cluster-signing-legacy-unknown-key-file': tls('server-ca.key'),
  };
  const args = programFlags(flags, settings.arguments.controllerManager, disk);
  return { name: `${settings.nodeName}.kube-controller-manager`, command, args };
}

export function schedulerProcess(start: ControllerStart): ProcessSpec {
  const { command, disk, settings, certificates } = start;
  const flags: FlagValues = { ...shared(start, 'scheduler', certificates.scheduler), 'secure-port': 10259 };
  return {
    name: `${settings.nodeName}.kube-scheduler`,
    command,
    args: programFlags(flags, settings.arguments.scheduler, disk),
  };
}

/** All servers run both; the one that holds the lease works. */
function shared({ disk, publicAddress }: ControllerStart, name: string, client: CertificateFiles): FlagValues {
  const kubeconfig = writeKubeconfig(disk, {
    path: `${CREDENTIALS}/${name}.kubeconfig`,
    server: `https://${publicAddress}:${API_PORT}`,
    authority: disk.at(`${TLS_FOLDER}/server-ca.crt`),
    client,
  });
  return {
    'bind-address': publicAddress,
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'leader-elect': true,
    profiling: false,
    // By default 20 requests a second, which makes the controllers take three seconds longer to start.
    'kube-api-qps': 200,
    'kube-api-burst': 400,
  };
}
