/** Keys as the certificate library wants them. */
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from 'node:crypto';

export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: Algorithm;
}

interface Algorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

/** With the hashes that Go signs with on them. */
const CURVES: Readonly<Record<string, Pick<Algorithm, 'namedCurve' | 'hash'>>> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
};

/** Name of a key's algorithm as the tls provider gives it. */
export function algorithmOf(key: KeyObject): 'RSA' | 'ECDSA' | 'ED25519' {
  if (key.asymmetricKeyType === 'rsa') return 'RSA';
  return key.asymmetricKeyType === 'ed25519' ? 'ED25519' : 'ECDSA';
}

/** A key that can sign certificates. Throws on a curve without support in the library (P-224). */
export async function signingKey(pem: string): Promise<SigningKey> {
  const key = createPrivateKey(pem);
  const algorithm = signingAlgorithm(key);
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']), algorithm };
}

/** The public part of a signing key. */
export function verifyingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  return webcrypto.subtle.importKey('spki', der, signingAlgorithm(createPrivateKey(pem)), true, ['verify']);
}

function signingAlgorithm(key: KeyObject): Algorithm {
  const name = algorithmOf(key);
  if (name === 'RSA') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (name === 'ED25519') return { name: 'Ed25519' };
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  const known = CURVES[curve];
  if (known === undefined) throw new Error(`certificates cannot be signed with a key on the curve ${curve}`);
  return { name: 'ECDSA', ...known };
}
