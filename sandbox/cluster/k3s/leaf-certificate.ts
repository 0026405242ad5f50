/** Certificates that a server makes for itself from the cluster's authorities, as k3s does at its start. */
import { generateKeyPairSync } from 'node:crypto';
import { issueCertificate, keyIdentifiers, leafExtensions, publicKeyOf } from '#sandbox/x509';
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

export async function issueLeaf(
  authority: Pick<Authority, 'certificate' | 'key'>,
  leaf: Leaf,
): Promise<IssuedCertificate> {
  const { commonName, organization, usages, names = [], days = DAYS } = leaf;
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = publicKeyOf(pair.publicKey);
  const now = Date.now();
  const notAfter = now + days * DAY;
  const { certificate } = await issueCertificate({
    subject: [...(organization === undefined ? [] : [{ O: [organization] }]), { CN: [commonName] }],
    issuer: authority.certificate.subjectName,
    publicKey,
    signer: authority.key,
    notBefore: new Date(Math.min(now, notAfter) - BACKDATED),
    notAfter: new Date(notAfter),
    extensions: [...leafExtensions(usages, names), ...(await keyIdentifiers(publicKey, authority.certificate))],
  });
  return { certificate, key: pair.privateKey.export({ format: 'pem', type: 'sec1' }).toString() };
}
