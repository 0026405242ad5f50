/** Making certificates and certificate requests from the arguments of tls resources. */
import 'reflect-metadata';
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  type Extension,
} from '@peculiar/x509';
import { issueCertificate, publicKeyOf, signingKey, verifyingKey, type Certificate } from '#sandbox/x509';
import type { ValueObject } from '../engine/resource';
import { subjectOf } from './subject';
import { usageExtensions } from './usages';

const HOUR_MS = 3_600_000;

/** Attributes that every issued certificate has. */
export interface Issued {
  readonly [attribute: string]: string | boolean;
}

export async function selfSigned(planned: ValueObject): Promise<Issued> {
  const signer = createPrivateKey(planned['private_key_pem'] as string);
  const name = subjectOf(planned);
  const publicKey = publicKeyOf(signer);
  const named = planned['set_authority_key_id'] === true;
  if (named && !hasSubjectKeyId(planned)) {
    throw new Error('set_authority_key_id needs a subject key id: set_subject_key_id or is_ca_certificate');
  }
  const authorityKeyId = named ? (await SubjectKeyIdentifierExtension.create(publicKey)).keyId : undefined;
  const certificate = await issue(planned, { subject: name, issuer: name, publicKey, signer, authorityKeyId });
  return { ...certificate, key_algorithm: algorithmOf(signer) };
}

export async function locallySigned(planned: ValueObject): Promise<Issued> {
  const authority = new X509Certificate(planned['ca_cert_pem']);
  const signer = createPrivateKey(planned['ca_private_key_pem'] as string);
  const request = new Pkcs10CertificateRequest(planned['cert_request_pem']);
  const certificate = await issue(planned, {
    subject: request.subjectName.toJSON(),
    issuer: authority.subjectName.toJSON(),
    publicKey: request.publicKey,
    signer,
    authorityKeyId: authority.getExtension(SubjectKeyIdentifierExtension)?.keyId,
  });
  return { ...certificate, ca_key_algorithm: algorithmOf(signer) };
}

export async function certificateRequest(planned: ValueObject): Promise<Issued> {
  const signer = createPrivateKey(planned['private_key_pem'] as string);
  const { key, algorithm } = await signingKey(signer);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(planned),
    keys: { privateKey: key, publicKey: await verifyingKey(signer) },
    signingAlgorithm: algorithm,
  });
  const text = `${request.toString('pem')}\n`;
  return {
    id: createHash('sha1').update(text).digest('hex'),
    cert_request_pem: text,
    key_algorithm: algorithmOf(signer),
  };
}

interface Parties extends Pick<Certificate, 'issuer' | 'publicKey' | 'signer'> {
  readonly subject: Certificate['subject'];
  readonly authorityKeyId: string | undefined;
}

async function issue(planned: ValueObject, parties: Parties): Promise<Issued> {
  const { subject, issuer, publicKey, signer } = parties;
  if (planned['is_ca_certificate'] === true && subject.length === 0) {
    throw new Error('a certificate authority needs a subject');
  }
  // A certificate's times have whole seconds.
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const notAfter = new Date(notBefore.getTime() + (planned['validity_period_hours'] as number) * HOUR_MS);
  const wanted = { subject, issuer, publicKey, signer, notBefore, notAfter };
  const { certificate, serial } = await issueCertificate({ ...wanted, extensions: await extensions(planned, parties) });
  return {
    id: serial.toString(),
    cert_pem: certificate,
    validity_start_time: rfc3339(notBefore),
    validity_end_time: rfc3339(notAfter),
  };
}

async function extensions(planned: ValueObject, { publicKey, authorityKeyId }: Parties): Promise<Extension[]> {
  return [
    ...usageExtensions(planned['allowed_uses'] as readonly string[]),
    new BasicConstraintsExtension(planned['is_ca_certificate'] === true, undefined, true),
    ...(hasSubjectKeyId(planned) ? [await SubjectKeyIdentifierExtension.create(publicKey)] : []),
    ...(authorityKeyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(authorityKeyId)]),
  ];
}

/** An authority has one whether or not it was asked for. */
function hasSubjectKeyId(planned: ValueObject): boolean {
  return planned['is_ca_certificate'] === true || planned['set_subject_key_id'] === true;
}

/** Name of a key's algorithm as the provider gives it. */
function algorithmOf({ asymmetricKeyType }: KeyObject): 'RSA' | 'ECDSA' | 'ED25519' {
  if (asymmetricKeyType === 'rsa') return 'RSA';
  return asymmetricKeyType === 'ed25519' ? 'ED25519' : 'ECDSA';
}

function rfc3339(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
