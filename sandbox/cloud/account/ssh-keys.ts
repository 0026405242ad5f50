import { createHash } from 'node:crypto';
import { unprocessable } from './errors';
import type { SshKey } from './resources/ssh-key';
import { request, type Session } from './session';
import type { AccountState } from './state';

export function listSshKeys(session: Session): Promise<SshKey[]> {
  const { state } = session.account;
  return request(session, 'ssh_key:read', 'GET', '/v2/account/keys', () => [...state.sshKeys]);
}

/** A key that is in the account from the start. */
export function presetSshKey(state: AccountState, name: string, publicKey: string): SshKey {
  const [, body] = publicKey.trim().split(/\s+/);
  if (body === undefined) throw unprocessable('Key invalid, key should be of the format `ssh-ed25519 AAAA... comment`');
  const md5 = createHash('md5').update(Buffer.from(body, 'base64')).digest('hex');
  const fingerprint = md5.match(/../g)!.join(':');
  return { id: (state.sequence.sshKey += 1), name, fingerprint, publicKey: publicKey.trim() };
}

/** Refuses ids and fingerprints that name no key. */
export function requireKeys({ sshKeys }: AccountState, wanted: readonly string[]): void {
  const unknown = wanted.filter(
    (key) => !sshKeys.some(({ id, fingerprint }) => key === `${id}` || key === fingerprint),
  );
  if (unknown.length > 0)
    throw unprocessable(`${unknown.join(', ')} are invalid key identifiers for Droplet creation.`);
}
