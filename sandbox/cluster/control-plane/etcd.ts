/** etcd of one server. */
import type { DropletDisk } from '../droplet/droplet-disk';
import type { ServerSettings } from '../k3s/k3s-settings';
import { TLS_FOLDER } from '../k3s/pki';
import type { ProcessSpec } from '#sandbox/processes/process';
import { programFlags, type FlagValues } from './program-flags';
import type { ServerCertificates } from '../k3s/server-certificates';

export const ETCD_DATA = '/var/lib/rancher/k3s/server/db/etcd';
export const ETCD_CLIENT_PORT = 2379;
const PEER_PORT = 2380;

export interface EtcdStart {
  readonly command: string;
  readonly disk: DropletDisk;
  readonly settings: ServerSettings;
  readonly certificates: ServerCertificates;
  readonly publicAddress: string;
  /** The members as etcd wants to be told: name=peer URL. Needed at the first start only. */
  readonly initialCluster: readonly string[];
  /** Whether there is a cluster to join. */
  readonly joining: boolean;
  /** Hash of the cluster's server CA, so that members of different clusters never mix. */
  readonly clusterToken: string;
}

export function peerUrl(publicAddress: string): string {
  return `https://${publicAddress}:${PEER_PORT}`;
}

export function etcdProcess(start: EtcdStart): ProcessSpec {
  const { command, disk, settings, certificates, publicAddress } = start;
  const clientUrl = `https://${publicAddress}:${ETCD_CLIENT_PORT}`;
  const flags: FlagValues = {
    name: settings.nodeName,
    'data-dir': disk.at(ETCD_DATA),
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl(publicAddress),
    'initial-advertise-peer-urls': peerUrl(publicAddress),
    'initial-cluster': start.initialCluster.join(),
    'initial-cluster-state': start.joining ? 'existing' : 'new',
    'initial-cluster-token': start.clusterToken,
    'client-cert-auth': true,
    'trusted-ca-file': disk.at(`${TLS_FOLDER}/etcd/server-ca.crt`),
    'cert-file': certificates.etcdServer.certificate,
    'key-file': certificates.etcdServer.key,
    'peer-client-cert-auth': true,
    'peer-trusted-ca-file': disk.at(`${TLS_FOLDER}/etcd/peer-ca.crt`),
    'peer-cert-file': certificates.etcdPeer.certificate,
    'peer-key-file': certificates.etcdPeer.key,
    // A fifth of k3s' values, so that the loss of a server is noticed sooner.
    'heartbeat-interval': 100,
    'election-timeout': 1000,
    // Otherwise two servers could not join within five seconds.
    'strict-reconfig-check': false,
    // The sandbox does not promise to survive the loss of power.
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  };
  return { name: `${settings.nodeName}.etcd`, command, args: programFlags(flags, settings.arguments.etcd, disk) };
}
