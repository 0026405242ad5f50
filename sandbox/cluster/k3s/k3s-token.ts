/** The tokens by which machines join a k3s cluster. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { BootFailure } from '../boot-failure';

export interface K3sToken {
  /** SHA-256 of the bytes of server-ca.crt, in hexadecimal; undefined in a short token, which trusts any server. */
  readonly caHash: string | undefined;
  /** `server` may read the servers' secrets, `node` may only run workloads. */
  readonly user: 'server' | 'node' | undefined;
  readonly password: string;
}

/** What a server holds joining machines against. */
export interface JoinSecrets {
  readonly caHash: string;
  readonly serverPassword: string;
  readonly agentPassword: string;
}

const FULL = /^K10([0-9a-f]{64})::(server|node):(.+)$/;

/** @throws BootFailure for a token in neither the full nor the short form */
export function parseK3sToken(token: string): K3sToken {
  const [, caHash, user, password] = FULL.exec(token) ?? [];
  if (caHash !== undefined && password !== undefined) return { caHash, user: user as 'server' | 'node', password };
  if (token.startsWith('K10') || token.includes('::')) {
    throw new BootFailure('The token has not the form K10<64 hexadecimal digits>::<server or node>:<password>.');
  }
  return { caHash: undefined, user: undefined, password: token };
}

/** Hash by which a token names its cluster. Source: k3s pkg/clientaccess/token.go, for a file with one certificate. */
export function caHash(serverCaFile: Buffer): string {
  return createHash('sha256').update(serverCaFile).digest('hex');
}

/** @throws BootFailure where the cluster would refuse this token */
export function admit(token: K3sToken, as: 'server' | 'node', secrets: JoinSecrets): void {
  if (token.caHash !== undefined && token.caHash !== secrets.caHash) {
    throw new BootFailure(
      `The token belongs to another cluster: its hash of the server CA is ${token.caHash.slice(0, 12)}…, ` +
        `the cluster's is ${secrets.caHash.slice(0, 12)}….`,
    );
  }
  const asServer = token.user !== 'node' && equal(token.password, secrets.serverPassword);
  const asNode = token.user !== 'server' && equal(token.password, secrets.agentPassword);
  if (asServer || (as === 'node' && asNode)) return;
  const expected = as === 'server' ? "the servers' token" : 'the agent-token of the servers';
  throw new BootFailure(`The cluster refused the token: its password is not that of ${expected}.`);
}

function equal(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
