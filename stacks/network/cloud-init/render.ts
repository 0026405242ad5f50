/** The user data of the droplets: cloud-config that turns a plain Ubuntu machine into a node of the cluster. */
import { Fn, Token } from 'cdktf';
import type { K3sRelease } from '#config/k3s-releases';
import type { PkiFile } from '../pki';
import { restartTime } from './restart-time';
import { base64, fillTemplate, quoted } from './template';
import { VERSION_LABEL, versionLabel } from './version-label';

/** Where the servers keep their etcd snapshots. All values may be Terraform tokens. */
export interface SnapshotStore {
  /** Host name of the Spaces endpoint, for example `fra1.digitaloceanspaces.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Folder of this cluster in the bucket; the first server looks for snapshots to restore nowhere else. */
  readonly folder: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface ServerUserDataProps {
  /** The droplet's. Its last part is a number. */
  readonly name: string;
  /** The seed may start or restore the cluster; a joiner only ever joins it. */
  readonly role: 'seed' | 'joiner';
  /** How many servers the cluster has: three are behind a load balancer. */
  readonly servers: 1 | 3;
  /** Address of the Kubernetes API, port 6443, also a name in the API server's certificate. */
  readonly apiAddress: string;
  readonly serverPassword: string;
  /** Full form, `K10<hash of the server CA>::server:<server password>`. */
  readonly joinToken: string;
  readonly agentPassword: string;
  /** User who gets all rights when the cluster is founded. */
  readonly administrator: string;
  readonly k3s: K3sRelease;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly clusterDns: string;
  readonly snapshots: SnapshotStore;
  /** Cron expression, UTC. */
  readonly snapshotSchedule: string;
  /** Snapshots kept of each server, on its disk and in Spaces. */
  readonly snapshotRetention: number;
  /** The eleven files of the cluster's PKI. Required for the seed, forbidden for a joiner. */
  readonly pki?: readonly PkiFile[];
}

export interface AgentUserDataProps {
  /** The droplet's. Its last part is a number. */
  readonly name: string;
  readonly apiAddress: string;
  /** Full form, `K10<hash of the server CA>::node:<agent password>`. */
  readonly token: string;
  readonly k3s: K3sRelease;
  readonly labels: Readonly<Record<string, string>>;
  /** As in `kubectl taint`: `key=value:Effect`. */
  readonly taints: readonly string[];
}

const TLS_FOLDER = '/var/lib/rancher/k3s/server/tls';
const AUTHORITIES = ['server-ca', 'client-ca', 'request-header-ca', 'etcd/server-ca', 'etcd/peer-ca'];
/** With one of them missing, k3s makes an authority of its own that nobody else knows. */
const PKI_PATHS = [...AUTHORITIES.flatMap((name) => [`${name}.crt`, `${name}.key`]), 'service.key'];

/** User data of a server, as a Terraform template. Throws if the PKI does not fit the role or a value cannot be placed. */
export function serverUserData(props: ServerUserDataProps): string {
  requireTokenOf('server', props.joinToken);
  requirePkiOf(props);
  const { role, snapshots } = props;
  const join = [
    `server: ${quoted('the API address', `https://${props.apiAddress}:6443`)}`,
    `token: ${quoted('the join token', props.joinToken)}`,
  ];
  return fillTemplate('server.yaml', {
    values: {
      ROLE: role,
      API_ADDRESS: props.apiAddress,
      AGENT_PASSWORD: props.agentPassword,
      CA_HASH: authorityHash(props.joinToken),
      K3S_VERSION: props.k3s.version,
      K3S_SHA256: props.k3s.sha256,
      RESTART_TIME: restartTime(props.name),
      VERSION_LABEL: `${VERSION_LABEL}=${versionLabel(props.k3s.version)}`,
      CLUSTER_CIDR: props.clusterCidr,
      SERVICE_CIDR: props.serviceCidr,
      CLUSTER_DNS: props.clusterDns,
      SNAPSHOT_SCHEDULE: props.snapshotSchedule,
      SNAPSHOT_RETENTION: `${props.snapshotRetention}`,
      S3_RETENTION: `${props.snapshotRetention * props.servers}`,
      SNAPSHOT_FOLDER: snapshots.folder,
      SPACES_ENDPOINT: snapshots.endpoint,
      SPACES_REGION: snapshots.region,
      SPACES_BUCKET: snapshots.bucket,
      SPACES_ACCESS_KEY: snapshots.accessKey,
      SPACES_SECRET_KEY: snapshots.secretKey,
    },
    lines: {
      MEMBERSHIP: role === 'seed' ? [`token: ${quoted('the server password', props.serverPassword)}`] : join,
      SERVICE_STEPS: serviceSteps(props),
      THREE_SERVERS_FILES: props.servers === 1 ? [] : linesOf(fillTemplate('three-servers.yaml', { values: {} })),
      FIRST_SERVER_FILES: role === 'seed' ? firstServerFiles(props, join) : [],
    },
  });
}

/** User data of a worker, as a Terraform template. It holds neither a server token nor a Spaces key. */
export function agentUserData(props: AgentUserDataProps): string {
  requireTokenOf('node', props.token);
  const labels = Object.entries(props.labels).map(([key, value]) => `${key}=${value}`);
  return fillTemplate('agent.yaml', {
    values: {
      API_ADDRESS: props.apiAddress,
      TOKEN: props.token,
      K3S_VERSION: props.k3s.version,
      K3S_SHA256: props.k3s.sha256,
      RESTART_TIME: restartTime(props.name),
    },
    lines: { NODE_LABELS: list('node-label', labels), NODE_TAINTS: list('node-taint', props.taints) },
  });
}

function firstServerFiles({ pki = [] }: ServerUserDataProps, join: string[]): string[] {
  const files = fillTemplate('first-server.yaml', { values: {}, lines: { JOIN: join, PKI: pki.flatMap(pkiFile) } });
  return linesOf(files);
}

/** What else its unit does: ExecStartPost when k3s said READY, that is when its etcd and its API server are up, and not before. */
function serviceSteps({ role, servers, apiAddress, administrator }: ServerUserDataProps): string[] {
  const route = '/usr/local/lib/forge/api-route.sh';
  const found = '/usr/local/lib/forge/found-cluster.sh';
  return [
    ...(role === 'seed' ? [`ExecStartPre=${found} begin`, `ExecStartPost=${found} finish ${administrator}`] : []),
    ...(servers === 1
      ? []
      : [`ExecStartPost=${route} add ${apiAddress}`, `ExecStopPost=-${route} delete ${apiAddress}`]),
    ...(role === 'seed' ? ['ExecStartPost=-/usr/bin/systemctl --no-block start forge-first-snapshot.timer'] : []),
  ];
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n');
}

/** In base64, because the hash in a token is over the literal bytes of server-ca.crt. */
function pkiFile({ path, pem }: PkiFile): string[] {
  return [`- path: ${TLS_FOLDER}/${path}`, "  permissions: '0600'", '  encoding: b64', `  content: '${base64(pem)}'`];
}

function list(key: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${key}:`, ...items.map((item) => `  - ${quoted(key, item)}`)];
}

function authorityHash(token: string): string {
  const start = 'K10'.length;
  const length = 64;
  return Token.isUnresolved(token) ? Fn.substr(token, start, length) : token.slice(start, start + length);
}

/** The two kinds look alike, and a server's token on a worker would hand it every secret of the cluster. */
function requireTokenOf(user: 'server' | 'node', token: string): void {
  if (!token.startsWith('K10') || !token.includes(`::${user}:`)) {
    throw new Error(`user data: the token must have the form K10<hash>::${user}:<password>`);
  }
}

function requirePkiOf({ role, pki }: ServerUserDataProps): void {
  if (role === 'joiner') {
    if (pki !== undefined) throw new Error('user data: only the first server gets the PKI; others fetch it from there');
    return;
  }
  const paths = (pki ?? []).map((file) => file.path).sort();
  if (paths.join() !== [...PKI_PATHS].sort().join()) {
    throw new Error(`user data: the first server needs exactly these PKI files: ${PKI_PATHS.join(', ')}`);
  }
}
