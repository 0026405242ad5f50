import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import { UNKNOWN } from '#sandbox/cloud/terraform/protocol/values';
import { made } from './sample-authority';

const ALGORITHMS = [
  [{ algorithm: 'RSA', rsa_bits: 2048 }, 'RSA', 'ssh-rsa'],
  [{ algorithm: 'ED25519' }, '', 'ssh-ed25519'],
  [{ algorithm: 'ECDSA', ecdsa_curve: 'P256' }, 'EC', 'ecdsa-sha2-nistp256'],
  [{ algorithm: 'ECDSA', ecdsa_curve: 'P384' }, 'EC', 'ecdsa-sha2-nistp384'],
  [{ algorithm: 'ECDSA', ecdsa_curve: 'P521' }, 'EC', 'ecdsa-sha2-nistp521'],
] as const;

const MAGIC = 'openssh-key-v1\0';
/** Behind the magic, twice "none", an empty string and the number of keys. */
const KEYS = MAGIC.length + 8 + 8 + 4 + 4;

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
    expect(sshStrings(blob)[0]!.toString()).toBe(sshType);
    const sha256 = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    expect(key['public_key_fingerprint_sha256']).toBe(`SHA256:${sha256}`);
    const md5 = createHash('md5').update(blob).digest('hex');
    expect(key['public_key_fingerprint_md5']!.replaceAll(':', '')).toBe(md5);
    expect(key['public_key_fingerprint_md5']).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });

  it('has its private part in the form of OpenSSH', () => {
    const text = key['private_key_openssh']!;
    expect(text).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n[^]+\n-----END OPENSSH PRIVATE KEY-----\n$/);
    const file = Buffer.from(text.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    expect(file.subarray(0, MAGIC.length).toString()).toBe(MAGIC);
    const [cipher, derivation, options] = sshStrings(file.subarray(MAGIC.length), 3);
    expect([cipher, derivation, options].map(String)).toEqual(['none', 'none', '']);
    const [blob, secret] = sshStrings(file.subarray(KEYS));
    expect(blob!.toString('base64')).toBe(key['public_key_openssh']!.trim().split(' ')[1]);
    expect(secret!.length % 8).toBe(0);
    expect(secret!.subarray(0, 4)).toEqual(secret!.subarray(4, 8));
    const [type, ...numbers] = sshStrings(secret!.subarray(8));
    expect(type!.toString()).toBe(sshType);
    const { d } = createPrivateKey(key['private_key_pem']!).export({ format: 'jwk' });
    const parts = numbers.map((number) => number.toString('hex').replace(/^0+/, ''));
    const private_ = Buffer.from(d as string, 'base64url')
      .toString('hex')
      .replace(/^0+/, '');
    expect(parts.some((part) => part.startsWith(private_))).toBe(true);
  });
});

describe('tls_private_key', () => {
  it('takes P-224 when no curve is given, which OpenSSH does not know', async () => {
    const key = await made('tls_private_key', { algorithm: 'ECDSA' });
    expect(createPrivateKey(key['private_key_pem']!).asymmetricKeyDetails).toEqual({ namedCurve: 'secp224r1' });
    expect([key['public_key_openssh'], key['private_key_openssh']]).toEqual(['', '']);
  });

  it('refuses other algorithms and curves, but not those that are not known yet', () => {
    const validate = (config: object) => () => {
      tlsProvider().resources['tls_private_key']!.validate!({ ecdsa_curve: null, ...config });
    };
    expect(validate({ algorithm: 'DSA' })).toThrow('one of RSA, ECDSA, ED25519');
    expect(validate({ algorithm: 'ECDSA', ecdsa_curve: 'P-256' })).toThrow('one of P224, P256, P384, P521');
    expect(validate({ algorithm: UNKNOWN, ecdsa_curve: UNKNOWN })).not.toThrow();
  });
});

/** Length-prefixed strings, until the bytes are no more of these. */
function sshStrings(bytes: Buffer, limit = 20): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length && found.length < limit;) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}
