/** X.509 certificates, signed as Go signs them: the key decides about the algorithm and the hash. */
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonName,
  type Name,
  type X509Certificate,
} from '@peculiar/x509';
import { createPublicKey, randomBytes, webcrypto, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

export interface Certificate {
  readonly subject: JsonName;
  /** An authority's own `Name` keeps its encoding: another encoding of the same text is another name. */
  readonly issuer: JsonName | Name;
  readonly publicKey: PublicKey;
  /** The issuer's private key. */
  readonly signer: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: Extension[];
}

/** A private key as the certificate library wants it. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: Algorithm;
}

interface Algorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

const EXTENDED_USAGES = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth };

/** @returns PEM, and the serial number, which is made at random */
export async function issueCertificate(wanted: Certificate): Promise<{ certificate: string; serial: bigint }> {
  const { signer, ...others } = wanted;
  const { key, algorithm } = await signingKey(signer);
  const serial = randomBytes(16);
  // The number must not be negative.
  serial[0]! &= 0x7f;
  const serialNumber = serial.toString('hex');
  const generated = { ...others, serialNumber, signingKey: key, signingAlgorithm: algorithm };
  const certificate = await X509CertificateGenerator.create(generated);
  return { certificate: `${certificate.toString('pem')}\n`, serial: BigInt(`0x${serialNumber}`) };
}

/**
 * What a certificate says that is no authority's.
 *
 * @param names host names and IP addresses of a server
 */
export function leafExtensions(usages: readonly ('server' | 'client')[], names: readonly string[]): Extension[] {
  const alternatives = [...new Set(names)].map((value) => ({
    type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
    value,
  }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension(usages.map((usage) => EXTENDED_USAGES[usage])),
    ...(alternatives.length === 0 ? [] : [new SubjectAlternativeNameExtension(alternatives)]),
  ];
}

/** By which a certificate names its key and that of the authority. */
export async function keyIdentifiers(publicKey: PublicKey, authority: X509Certificate): Promise<Extension[]> {
  return [
    await SubjectKeyIdentifierExtension.create(publicKey),
    new AuthorityKeyIdentifierExtension(authority.getExtension(SubjectKeyIdentifierExtension)?.keyId ?? ''),
  ];
}

/** The public part of a key as the certificate library wants it. */
export function publicKeyOf(key: KeyObject): PublicKey {
  return new PublicKey(spki(key));
}

/** @throws on another curve than P-256, which all of k3s' keys and the stacks' are on */
export async function signingKey(key: KeyObject): Promise<SigningKey> {
  const algorithm = signingAlgorithm(key);
  const der = key.export({ format: 'der', type: 'pkcs8' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']), algorithm };
}

/** The public part of a signing key. */
export function verifyingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', spki(key), signingAlgorithm(key), true, ['verify']);
}

function spki(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });
}

function signingAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  const curve = asymmetricKeyDetails?.namedCurve;
  if (curve !== 'prime256v1') throw new Error(`certificates cannot be signed with a key on the curve ${curve}`);
  return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
}
