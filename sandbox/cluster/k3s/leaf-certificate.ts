/** Certificates that a server makes for itself from the cluster's authorities, as k3s does at its start. */
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
} from '@peculiar/x509';
import { generateKeyPairSync, randomBytes, webcrypto, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import type { Authority } from './pki';

export interface Leaf {
  readonly commonName: string;
  readonly organization?: string;
  readonly usages: readonly ('server' | 'client')[];
  /** Host names and IP addresses of a server. */
  readonly names?: readonly string[];
  /** Until it ends; by default 365, as k3s has it. */
  readonly days?: number;
}

/** PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

const DAY = 24 * 60 * 60 * 1000;
const DAYS = 365;
/** Clocks of the cluster's machines may differ. */
const BACKDATED = 60 * 60 * 1000;
const EXTENDED_USAGES = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth };

export async function issueLeaf(authority: Authority, leaf: Leaf): Promise<IssuedCertificate> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = new PublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }));
  const signer = await signingKey(authority.key);
  const now = Date.now();
  const notAfter = now + (leaf.days ?? DAYS) * DAY;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomBytes(16).toString('hex'),
    subject: [...(leaf.organization === undefined ? [] : [{ O: [leaf.organization] }]), { CN: [leaf.commonName] }],
    // The authority's name as it is encoded there: another encoding of the same text is another name.
    issuer: authority.certificate.subjectName,
    notBefore: new Date(Math.min(now, notAfter) - BACKDATED),
    notAfter: new Date(notAfter),
    publicKey,
    signingKey: signer.key,
    signingAlgorithm: signer.algorithm,
    extensions: await extensions(authority, leaf, publicKey),
  });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: pair.privateKey.export({ format: 'pem', type: 'sec1' }).toString(),
  };
}

async function extensions(authority: Authority, leaf: Leaf, publicKey: PublicKey): Promise<Extension[]> {
  const authorityKeyId = authority.certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId ?? '';
  const names = leaf.names ?? [];
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension(leaf.usages.map((usage) => EXTENDED_USAGES[usage])),
    await SubjectKeyIdentifierExtension.create(publicKey),
    new AuthorityKeyIdentifierExtension(authorityKeyId),
    ...(names.length === 0 ? [] : [alternativeNames(names)]),
  ];
}

function alternativeNames(names: readonly string[]): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension(
    [...new Set(names)].map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
  );
}

async function signingKey(
  key: KeyObject,
): Promise<{ key: webcrypto.CryptoKey; algorithm: { name: string; hash: string } }> {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const algorithm =
    key.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', hash: 'SHA-256' };
  const importing = key.asymmetricKeyType === 'rsa' ? algorithm : { name: 'ECDSA', namedCurve: curveOf(key) };
  return { key: await webcrypto.subtle.importKey('pkcs8', der, importing, false, ['sign']), algorithm };
}

function curveOf(key: KeyObject): string {
  const curves: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
  return curves[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256';
}
