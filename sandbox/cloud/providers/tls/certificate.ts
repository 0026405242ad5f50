/** Making certificates and certificate requests from the arguments of tls resources. */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type JsonName,
} from '@peculiar/x509';
import type { ValueObject } from '../../engine/resource';
import { algorithmOf, signingKey } from './signing';

/** Id of the extension for further names. */
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const HOUR_MS = 3_600_000;

const KEY_USAGES: Readonly<Record<string, number>> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
};
const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  server_auth: ExtendedKeyUsage.serverAuth,
  client_auth: ExtendedKeyUsage.clientAuth,
  code_signing: ExtendedKeyUsage.codeSigning,
  email_protection: ExtendedKeyUsage.emailProtection,
  timestamping: ExtendedKeyUsage.timeStamping,
  ocsp_signing: ExtendedKeyUsage.ocspSigning,
};
const SUBJECT_FIELDS = [
  ['serial_number', '2.5.4.5'],
  ['common_name', 'CN'],
  ['locality', 'L'],
  ['province', 'ST'],
  ['street_address', '2.5.4.9'],
  ['organization', 'O'],
  ['organizational_unit', 'OU'],
  ['country', 'C'],
  ['postal_code', '2.5.4.17'],
] as const;

/** Usages that a certificate may name. */
export const USAGES = [...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_USAGES)];

/** Attributes that every issued certificate has. */
export interface Issued {
  readonly [attribute: string]: string | boolean;
}

export async function selfSigned(planned: ValueObject): Promise<Issued> {
  const pem = planned['private_key_pem'] as string;
  const name = subjectOf(planned);
  const publicKey = publicKeyOf(pem);
  const keyId = planned['set_authority_key_id'] === true ? await keyIdOf(publicKey) : undefined;
  const certificate = await issue(planned, {
    subject: name,
    issuer: name,
    publicKey,
    signer: pem,
    authorityKeyId: keyId,
    names: namesOf(planned),
  });
  return { ...certificate, key_algorithm: algorithmOf(createPrivateKey(pem)) };
}

export async function locallySigned(planned: ValueObject): Promise<Issued> {
  const authority = new X509Certificate(planned['ca_cert_pem']);
  const signer = planned['ca_private_key_pem'] as string;
  const request = new Pkcs10CertificateRequest(planned['cert_request_pem']);
  const certificate = await issue(planned, {
    subject: request.subjectName.toJSON(),
    issuer: authority.subjectName.toJSON(),
    publicKey: request.publicKey,
    signer,
    authorityKeyId: authority.getExtension(SubjectKeyIdentifierExtension)?.keyId,
    names: (request.getExtension(SUBJECT_ALTERNATIVE_NAME) as SubjectAlternativeNameExtension | null) ?? undefined,
  });
  return { ...certificate, ca_key_algorithm: algorithmOf(createPrivateKey(signer)) };
}

export async function certificateRequest(planned: ValueObject): Promise<Issued> {
  const pem = planned['private_key_pem'] as string;
  const { key, algorithm } = await signingKey(pem);
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const importing =
    algorithm.name === 'ECDSA'
      ? { ...algorithm, namedCurve: (key.algorithm as { namedCurve?: string }).namedCurve }
      : algorithm;
  const publicKey = await webcrypto.subtle.importKey('spki', der, importing, true, ['verify']);
  const names = namesOf(planned);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(planned),
    keys: { privateKey: key, publicKey },
    signingAlgorithm: algorithm,
    extensions: names === undefined ? [] : [names],
  });
  return {
    id: randomBytes(20).toString('hex'),
    cert_request_pem: `${request.toString('pem')}\n`,
    key_algorithm: algorithmOf(createPrivateKey(pem)),
  };
}

interface Parties {
  readonly subject: JsonName;
  readonly issuer: JsonName;
  readonly publicKey: PublicKey;
  /** PEM of the key that signs. */
  readonly signer: string;
  readonly authorityKeyId: string | undefined;
  readonly names: SubjectAlternativeNameExtension | undefined;
}

async function issue(planned: ValueObject, parties: Parties): Promise<Issued> {
  const { key, algorithm } = await signingKey(parties.signer);
  // A certificate's times have whole seconds.
  const start = new Date(Math.floor(Date.now() / 1000) * 1000);
  const end = new Date(start.getTime() + (planned['validity_period_hours'] as number) * HOUR_MS);
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString('hex'),
    subject: parties.subject,
    issuer: parties.issuer,
    notBefore: start,
    notAfter: end,
    publicKey: parties.publicKey,
    signingKey: key,
    signingAlgorithm: algorithm,
    extensions: await extensions(planned, parties),
  });
  return {
    id: BigInt(`0x${serial.toString('hex')}`).toString(),
    cert_pem: `${certificate.toString('pem')}\n`,
    validity_start_time: rfc3339(start),
    validity_end_time: rfc3339(end),
    ready_for_renewal: false,
  };
}

async function extensions(planned: ValueObject, { publicKey, authorityKeyId, names }: Parties): Promise<Extension[]> {
  const uses = planned['allowed_uses'] as readonly string[];
  const isAuthority = planned['is_ca_certificate'] === true;
  const pathLength = planned['max_path_length'] as number | null;
  const extended = uses.flatMap((use) => EXTENDED_USAGES[use] ?? []);
  // The real provider gives an authority its subject key id whether or not it was asked for.
  const subjectKeyId = isAuthority || planned['set_subject_key_id'] === true;
  return [
    new KeyUsagesExtension(
      uses.reduce((flags, use) => flags | (KEY_USAGES[use] ?? 0), 0),
      true,
    ),
    ...(extended.length > 0 ? [new ExtendedKeyUsageExtension(extended)] : []),
    new BasicConstraintsExtension(
      isAuthority,
      isAuthority && pathLength !== null && pathLength >= 0 ? pathLength : undefined,
      true,
    ),
    ...(subjectKeyId ? [await SubjectKeyIdentifierExtension.create(publicKey)] : []),
    ...(authorityKeyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(authorityKeyId)]),
    ...(names === undefined ? [] : [names]),
  ];
}

function publicKeyOf(pem: string): PublicKey {
  return new PublicKey(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
}

async function keyIdOf(publicKey: PublicKey): Promise<string> {
  return (await SubjectKeyIdentifierExtension.create(publicKey)).keyId;
}

function subjectOf(planned: ValueObject): JsonName {
  const [subject] = (planned['subject'] ?? []) as readonly ValueObject[];
  return SUBJECT_FIELDS.flatMap(([field, type]) => {
    const value = subject?.[field] ?? null;
    const values = (Array.isArray(value) ? value : [value]) as (string | null)[];
    return values.flatMap((text) => (text === null || text === '' ? [] : [{ [type]: [text] }]));
  });
}

function namesOf(planned: ValueObject): SubjectAlternativeNameExtension | undefined {
  const named = (attribute: string, type: 'dns' | 'ip' | 'url') =>
    ((planned[attribute] ?? []) as readonly string[]).map((value) => ({ type, value }));
  const names = [...named('dns_names', 'dns'), ...named('ip_addresses', 'ip'), ...named('uris', 'url')];
  return names.length === 0 ? undefined : new SubjectAlternativeNameExtension(names);
}

function rfc3339(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
