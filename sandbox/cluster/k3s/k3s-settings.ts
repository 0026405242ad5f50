/** k3s' flags as typed settings of a node and of a server. */
import { isIPv4 } from 'node:net';
import { cronSchedule } from '#config/cron';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from '../droplet/droplet-disk';
import { AGENT_FLAGS, CRITICAL_FLAGS, SERVER_FLAGS } from './k3s-flags';
import { parseK3sToken, type K3sToken } from './k3s-token';
import { K3S_CONFIG, readK3sValues, type K3sValues } from './k3s-values';
import { nodeLabels, nodeTaints, type Taint } from './node-labels';

export interface NodeSettings {
  readonly nodeName: string;
  /** Private address. */
  readonly nodeIp: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** The kubelet's flags, without dashes. */
  readonly kubeletArgs: ReadonlyMap<string, string>;
  readonly token: K3sToken;
  /** Server to join. */
  readonly server: { readonly host: string; readonly port: number } | undefined;
}

export interface ServerSettings extends NodeSettings {
  readonly clusterInit: boolean;
  readonly agentToken: string | undefined;
  readonly tlsSans: readonly string[];
  readonly advertiseAddress: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
  readonly nodePorts: string;
  /** Provider of the encryption of Secrets at rest. */
  readonly encryption: 'aescbc' | 'secretbox' | undefined;
  /** Flags for the programs of the control plane, `name=value`. */
  readonly arguments: Readonly<Record<'apiServer' | 'controllerManager' | 'scheduler' | 'etcd', readonly string[]>>;
  /** What must be equal on all servers, by flag. */
  readonly critical: ReadonlyMap<string, string>;
  readonly snapshots: SnapshotSettings | undefined;
}

/** Automatic etcd snapshots to an S3 bucket. */
export interface SnapshotSettings {
  /** Cron expression, UTC. */
  readonly schedule: string;
  /** Kept in the bucket, of all servers together. */
  readonly retention: number;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly folder: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** @throws BootFailure naming what is wrong in k3s' configuration */
export function readAgentSettings(disk: DropletDisk): NodeSettings {
  const values = readK3sValues(disk, AGENT_FLAGS);
  need(values, 'server');
  return nodeSettings(values);
}

/** @throws BootFailure naming what is wrong in k3s' configuration */
export function readServerSettings(disk: DropletDisk): ServerSettings {
  const values = readK3sValues(disk, SERVER_FLAGS);
  const node = nodeSettings(values);
  const args = (flag: string) => values.get(flag) ?? [];
  return {
    ...node,
    clusterInit: isOn(values, 'cluster-init'),
    agentToken: last(values, 'agent-token'),
    tlsSans: args('tls-san'),
    advertiseAddress: last(values, 'advertise-address') ?? node.nodeIp,
    clusterCidr: last(values, 'cluster-cidr') ?? '10.42.0.0/16',
    serviceCidr: last(values, 'service-cidr') ?? '10.43.0.0/16',
    clusterDomain: last(values, 'cluster-domain') ?? 'cluster.local',
    nodePorts: last(values, 'service-node-port-range') ?? '30000-32767',
    encryption: isOn(values, 'secrets-encryption') ? encryptionProvider(values) : undefined,
    arguments: {
      apiServer: args('kube-apiserver-arg'),
      controllerManager: args('kube-controller-manager-arg'),
      scheduler: args('kube-scheduler-arg'),
      etcd: args('etcd-arg'),
    },
    critical: new Map(CRITICAL_FLAGS.map((flag) => [flag, args(flag).join()])),
    snapshots: isOn(values, 'etcd-s3') ? snapshotSettings(values) : undefined,
  };
}

function nodeSettings(values: K3sValues): NodeSettings {
  const kubeletArgs = new Map(
    (values.get('kubelet-arg') ?? []).map((arg): [string, string] => {
      const [name = '', ...value] = arg.split('=');
      return [name, value.join('=')];
    }),
  );
  if (kubeletArgs.get('cloud-provider') !== 'external') {
    throw new BootFailure(
      `${K3S_CONFIG}: kubelet-arg has no cloud-provider=external, so the cloud controller manager would pass over the node.`,
    );
  }
  return {
    nodeName: nodeName(values),
    nodeIp: address(values, 'node-ip'),
    labels: nodeLabels(values.get('node-label') ?? []),
    taints: nodeTaints(values.get('node-taint') ?? []),
    kubeletArgs,
    token: parseK3sToken(need(values, 'token')),
    server: serverAddress(values),
  };
}

function nodeName(values: K3sValues): string {
  const name = need(values, 'node-name');
  if (/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw new BootFailure(`"${name}" cannot be a node's name: at most 63 lower case letters, digits, dots and dashes.`);
}

function address(values: K3sValues, flag: string): string {
  const value = need(values, flag);
  if (!isIPv4(value)) throw new BootFailure(`${K3S_CONFIG}: ${flag} is not an IPv4 address: "${value}".`);
  return value;
}

function serverAddress(values: K3sValues): NodeSettings['server'] {
  const server = last(values, 'server');
  if (server === undefined) return undefined;
  const [, host, port] = /^https:\/\/([^:/]+):(\d+)\/?$/.exec(server) ?? [];
  if (host === undefined)
    throw new BootFailure(`${K3S_CONFIG}: server must be https://<address>:<port>, not "${server}".`);
  return { host, port: Number(port) };
}

function encryptionProvider(values: K3sValues): 'aescbc' | 'secretbox' {
  const provider = last(values, 'secrets-encryption-provider') ?? 'aescbc';
  if (provider === 'aescbc' || provider === 'secretbox') return provider;
  throw new BootFailure(`${K3S_CONFIG}: secrets-encryption-provider must be aescbc or secretbox.`);
}

function snapshotSettings(values: K3sValues): SnapshotSettings {
  const retention = last(values, 'etcd-s3-retention') ?? last(values, 'etcd-snapshot-retention') ?? '5';
  return {
    schedule: cronExpression(last(values, 'etcd-snapshot-schedule-cron') ?? '0 */12 * * *'),
    retention: Number(retention),
    endpoint: need(values, 'etcd-s3-endpoint'),
    region: need(values, 'etcd-s3-region'),
    bucket: need(values, 'etcd-s3-bucket'),
    folder: need(values, 'etcd-s3-folder'),
    accessKey: need(values, 'etcd-s3-access-key'),
    secretKey: need(values, 'etcd-s3-secret-key'),
  };
}

function cronExpression(text: string): string {
  if (cronSchedule(text) !== undefined) return text;
  throw new BootFailure(`${K3S_CONFIG}: etcd-snapshot-schedule-cron: "${text}" is not a cron schedule.`);
}

function need(values: K3sValues, flag: string): string {
  const value = last(values, flag);
  if (value === undefined) throw new BootFailure(`${K3S_CONFIG} and its drop-ins have no "${flag}".`);
  return value;
}

function last(values: K3sValues, flag: string): string | undefined {
  return values.get(flag)?.at(-1);
}

function isOn(values: K3sValues, flag: string): boolean {
  return last(values, flag) === 'true';
}
