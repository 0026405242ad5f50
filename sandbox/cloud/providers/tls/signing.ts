/** Keys as the certificate library wants them. */
import { createPrivateKey, webcrypto, type KeyObject } from 'node:crypto';

export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: { readonly name: string; readonly hash?: string };
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** Name of a key's algorithm as the tls provider gives it. */
export function algorithmOf(key: KeyObject): 'RSA' | 'ECDSA' | 'ED25519' {
  if (key.asymmetricKeyType === 'rsa') return 'RSA';
  return key.asymmetricKeyType === 'ed25519' ? 'ED25519' : 'ECDSA';
}

/** A key that can sign certificates. Throws on a curve without support in the library (P-224). */
export async function signingKey(pem: string): Promise<SigningKey> {
  const key = createPrivateKey(pem);
  const algorithm = {
    RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ECDSA: { name: 'ECDSA', hash: 'SHA-256' },
    ED25519: { name: 'Ed25519' },
  }[algorithmOf(key)];
  const importing = algorithm.name === 'ECDSA' ? { name: 'ECDSA', namedCurve: curveOf(key) } : algorithm;
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, importing, true, ['sign']), algorithm };
}

function curveOf(key: KeyObject): string {
  const name = key.asymmetricKeyDetails?.namedCurve ?? '';
  const curve = CURVES[name];
  if (curve === undefined) throw new Error(`certificates cannot be signed with a key on the curve ${name}`);
  return curve;
}
