/** Properties for user data, with a real PKI in the forms that Terraform's tls provider writes. */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { AgentUserDataProps, ServerUserDataProps } from '#stacks/network/cloud-init/render';
import type { PkiFile } from '#stacks/network/pki';

export const secrets = {
  serverPassword: 'S'.repeat(64),
  agentPassword: 'A'.repeat(64),
  accessKey: 'DO00EXAMPLEACCESSKEY',
  secretKey: 'spaces/secret+key='.repeat(3),
};

export const pki: readonly PkiFile[] = [
  ...['server-ca', 'client-ca', 'request-header-ca', 'etcd/server-ca', 'etcd/peer-ca'].flatMap(authority),
  { path: 'service.key', pem: rsaKey() },
];

export const caHash = createHash('sha256').update(pemOf('server-ca.crt')).digest('hex');
export const joinToken = `K10${caHash}::server:${secrets.serverPassword}`;
export const agentToken = `K10${caHash}::node:${secrets.agentPassword}`;

const k3s = { version: 'v1.36.4+k3s1', sha256: 'f'.repeat(64) };

export function seedProps(changes: Partial<ServerUserDataProps> = {}): ServerUserDataProps {
  return { ...joinerProps(), name: 'forge-test-server-1', role: 'seed', servers: 1, pki, ...changes };
}

export function joinerProps(changes: Partial<ServerUserDataProps> = {}): ServerUserDataProps {
  return {
    name: 'forge-test-server-2',
    role: 'joiner',
    servers: 3,
    apiAddress: '203.0.113.10',
    serverPassword: secrets.serverPassword,
    joinToken,
    agentPassword: secrets.agentPassword,
    administrator: 'forge:admin-1',
    k3s,
    clusterCidr: '10.42.0.0/16',
    serviceCidr: '10.43.0.0/16',
    clusterDns: '10.43.0.10',
    snapshots: {
      endpoint: 'fra1.digitaloceanspaces.com',
      region: 'fra1',
      bucket: 'forge-test-etcd-snapshots-0a1b2c3d',
      folder: 'forge-test',
      accessKey: secrets.accessKey,
      secretKey: secrets.secretKey,
    },
    snapshotSchedule: '0 */6 * * *',
    snapshotRetention: 28,
    ...changes,
  };
}

export function agentProps(changes: Partial<AgentUserDataProps> = {}): AgentUserDataProps {
  return {
    name: 'forge-test-general-g1-1',
    apiAddress: '203.0.113.10',
    token: agentToken,
    k3s,
    labels: { 'forge/pool': 'general', 'forge/generation': '1' },
    taints: ['dedicated=jenkins:NoSchedule'],
    ...changes,
  };
}

export function pemOf(path: string): string {
  const file = pki.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`no file ${path} in the sample PKI`);
  return file.pem;
}

/** SEC1 key and self-signed certificate. */
function authority(path: string): PkiFile[] {
  const name = `/CN=k3s-${path.replace('/', '-')}`;
  const usage = 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign';
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -keyout /dev/stdout';
  const command = `openssl req -x509 ${key} -days 3650 -subj ${name} -addext ${usage} 2>/dev/null | cat`;
  const output = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
  const [pkcs8, certificate] = output.split(/^(?=-----BEGIN CERTIFICATE)/m) as [string, string];
  return [
    { path: `${path}.crt`, pem: certificate },
    { path: `${path}.key`, pem: createPrivateKey(pkcs8).export({ type: 'sec1', format: 'pem' }).toString() },
  ];
}

/** PKCS#1. */
function rsaKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}
