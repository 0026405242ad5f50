import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import { UNKNOWN } from '#sandbox/cloud/terraform/protocol/values';
import { newFolder } from '#test/new-folder';
import { made } from './made';

const ALGORITHMS = [
  [{ algorithm: 'RSA', rsa_bits: 2048 }, 'RSA', 'ssh-rsa'],
  [{ algorithm: 'ED25519' }, '', 'ssh-ed25519'],
  [{ algorithm: 'ECDSA', ecdsa_curve: 'P256' }, 'EC', 'ecdsa-sha2-nistp256'],
] as const;

const hasOpenSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;
const folder = newFolder('keys');

describe.each(ALGORITHMS)('tls_private_key with %o', (given, label, sshType) => {
  let key: Record<string, string>;

  beforeAll(async () => {
    key = await made('tls_private_key', given);
  });

  it('has one key in all its forms', () => {
    const type = label === '' ? '' : `${label} `;
    expect(key['private_key_pem']).toMatch(new RegExp(`^-----BEGIN ${type}PRIVATE KEY-----\n`));
    expect(key['private_key_pem_pkcs8']).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const [one, other] = [key['private_key_pem']!, key['private_key_pem_pkcs8']!].map((pem) => createPrivateKey(pem));
    expect(one!.equals(other!)).toBe(true);
    expect(createPublicKey(one!).equals(createPublicKey(key['public_key_pem']!))).toBe(true);
  });

  it('has its public part in the form of OpenSSH, with the fingerprints of that', () => {
    const [type, encoded] = key['public_key_openssh']!.trim().split(' ');
    const blob = Buffer.from(encoded!, 'base64');
    expect(type).toBe(sshType);
    const sha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    expect(key['public_key_fingerprint_sha256']).toBe(`SHA256:${sha256}`);
    const md5 = createHash('md5').update(blob).digest('hex');
    expect(key['public_key_fingerprint_md5']).toBe(md5.match(/../g)!.join(':'));
  });

  (hasOpenSsh ? it : it.skip)('has its private part in the form of OpenSSH', () => {
    const file = join(folder, sshType);
    writeFileSync(file, key['private_key_openssh']!, { mode: 0o600 });
    const { stdout } = spawnSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' });
    expect(stdout).toBe(key['public_key_openssh']);
  });
});

describe('tls_private_key', () => {
  it('refuses other algorithms and curves, but not those that are not known yet', () => {
    const validate = (config: object) => () => {
      tlsProvider().resources['tls_private_key']!.validate!({ ecdsa_curve: null, ...config });
    };
    expect(validate({ algorithm: 'DSA' })).toThrow('one of RSA, ECDSA, ED25519');
    expect(validate({ algorithm: 'ECDSA', ecdsa_curve: 'P-256' })).toThrow('one of P256');
    expect(validate({ algorithm: UNKNOWN, ecdsa_curve: UNKNOWN })).not.toThrow();
  });
});
