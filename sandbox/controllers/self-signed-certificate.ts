/** Certificates of web addresses, signed by themselves: no authority knows the sandbox's names. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { issueCertificate, leafExtensions, publicKeyOf } from '../x509';

/** PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** As long as those of Let's Encrypt. */
const VALIDITY_MS = 90 * 24 * 60 * 60 * 1000;

/** @param names host names, at least one */
export async function selfSigned(names: readonly string[]): Promise<KeyPair> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000) * 1000;
  const subject = [{ CN: [names[0]!] }];
  const { certificate } = await issueCertificate({
    subject,
    issuer: subject,
    publicKey: publicKeyOf(publicKey),
    signer: privateKey,
    notBefore: new Date(now),
    notAfter: new Date(now + VALIDITY_MS),
    extensions: leafExtensions(['server'], names),
  });
  return { certificate, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

export function validityOf(pem: string): { readonly notBefore: Date; readonly notAfter: Date } {
  const { validFrom, validTo } = new X509Certificate(pem);
  return { notBefore: new Date(validFrom), notAfter: new Date(validTo) };
}
