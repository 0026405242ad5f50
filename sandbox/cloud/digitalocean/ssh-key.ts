/** Public keys that droplets can be created with. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bodyOf } from '../http/request-body';
import { route } from '../http/routes';
import { collection, nextId, type Account, type Held } from './account';
import { created, listed, type DigitalOceanRoute } from './answers';
import { unprocessable } from './errors';

interface SshKey extends Held {
  readonly id: number;
  readonly name: string;
  /** MD5 of the key, in the old colon form. */
  readonly fingerprint: string;
  readonly public_key: string;
}

const sshKeys = collection<SshKey>('ssh_keys', 'id');

const keyRequest = z.object({ name: z.string().min(1, 'is required'), public_key: z.string().trim() });

export const sshKeyRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/account/keys', 'ssh_key:create', ({ account }, request) => {
    const wanted = bodyOf(request, keyRequest);
    const fingerprint = fingerprintOf(wanted.public_key);
    return created('ssh_key', sshKeys.add(account, { id: nextId(account, 'ssh_keys'), fingerprint, ...wanted }));
  }),
  route('GET /v2/account/keys', 'ssh_key:read', ({ account }, request) =>
    listed(request, 'ssh_keys', sshKeys.of(account)),
  ),
];

/** Refuses ids and fingerprints that name no key. */
export function requireSshKeys(account: Account, wanted: readonly (string | number)[]): void {
  const known = new Set(sshKeys.of(account).flatMap(({ id, fingerprint }) => [`${id}`, fingerprint]));
  const unknown = wanted.filter((key) => !known.has(`${key}`));
  if (unknown.length > 0) {
    throw unprocessable(`${unknown.join(', ')} are invalid key identifiers for Droplet creation.`);
  }
}

function fingerprintOf(publicKey: string): string {
  const [, body] = publicKey.split(/\s+/);
  if (body === undefined) throw unprocessable('Key invalid, key should be of the format `ssh-ed25519 AAAA... comment`');
  const md5 = createHash('md5').update(Buffer.from(body, 'base64')).digest('hex');
  return md5.match(/../g)!.join(':');
}
