/** Public keys that droplets can be created with. People put them into the account at the control panel. */
import { createHash } from 'node:crypto';
import { route } from '../http/routes';
import { collection, nextId, type Account, type Held } from './account';
import { listed, type DigitalOceanRoute } from './answers';
import { unprocessable } from './errors';

interface SshKey extends Held {
  readonly id: number;
  readonly name: string;
  /** MD5 of the key, in the old colon form. */
  readonly fingerprint: string;
  readonly public_key: string;
}

const sshKeys = collection<SshKey>('ssh_keys', 'id');

export const sshKeyRoutes: readonly DigitalOceanRoute[] = [
  route('GET /v2/account/keys', 'ssh_key:read', ({ account }, request) =>
    listed(request, 'ssh_keys', sshKeys.of(account)),
  ),
];

export function addSshKey(account: Account, name: string, publicKey: string): void {
  const [, body] = publicKey.trim().split(/\s+/);
  if (body === undefined) throw unprocessable('Key invalid, key should be of the format `ssh-ed25519 AAAA... comment`');
  const md5 = createHash('md5').update(Buffer.from(body, 'base64')).digest('hex');
  const fingerprint = md5.match(/../g)!.join(':');
  sshKeys.add(account, { id: nextId(account, 'ssh_keys'), name, fingerprint, public_key: publicKey.trim() });
}

/** Refuses ids and fingerprints that name no key. */
export function requireSshKeys(account: Account, wanted: readonly (string | number)[]): void {
  const known = new Set(sshKeys.of(account).flatMap(({ id, fingerprint }) => [`${id}`, fingerprint]));
  const unknown = wanted.filter((key) => !known.has(`${key}`));
  if (unknown.length > 0) {
    throw unprocessable(`${unknown.join(', ')} are invalid key identifiers for Droplet creation.`);
  }
}
