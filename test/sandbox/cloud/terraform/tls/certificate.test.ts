import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectKeyIdentifierExtension,
  X509Certificate as Parsed,
} from '@peculiar/x509';
import type { ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import { USAGES } from '#sandbox/cloud/terraform/tls/usages';
import { made } from './made';

const SUBJECT = { common_name: 'the name', organization: 'the organization' };
const newKey = async (given: ValueObject = { algorithm: 'ECDSA', ecdsa_curve: 'P256' }) =>
  (await made('tls_private_key', given))['private_key_pem']!;

async function selfSigned(given: ValueObject = {}): Promise<{ key: string; pem: string; made: Record<string, any> }> {
  const key = (given['private_key_pem'] as string | undefined) ?? (await newKey());
  const certificate = await made('tls_self_signed_cert', {
    private_key_pem: key,
    subject: [SUBJECT],
    validity_period_hours: 24,
    allowed_uses: ['cert_signing'],
    ...given,
  });
  return { key, pem: certificate['cert_pem']!, made: certificate };
}

describe('tls_self_signed_cert', () => {
  it.each([
    [{ algorithm: 'RSA' }, 'RSA', 'sha256WithRSAEncryption'],
    [{ algorithm: 'ED25519' }, 'ED25519', 'ED25519'],
    [{ algorithm: 'ECDSA', ecdsa_curve: 'P256' }, 'ECDSA', 'ecdsa-with-SHA256'],
  ])('is signed with its own key: %o', async (given, algorithm, signature) => {
    const { key, pem, made: attributes } = await selfSigned({ private_key_pem: await newKey(given) });
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(attributes['key_algorithm']).toBe(algorithm);
    expect(signatureOf(pem)).toBe(signature);
  });

  it('has serial number, subject, and validity as its attributes say', async () => {
    const { pem, made: attributes } = await selfSigned();
    const { serialNumber, subject, issuer, validFrom, validTo } = new X509Certificate(pem);
    expect(BigInt(`0x${serialNumber}`).toString()).toBe(attributes['id']);
    expect(subject).toBe('O=the organization\nCN=the name');
    expect(issuer).toBe(subject);
    const [start, end] = [validFrom, validTo].map((text) => Date.parse(text));
    expect(Date.parse(attributes['validity_start_time'] as string)).toBe(start);
    expect(Date.parse(attributes['validity_end_time'] as string)).toBe(end);
    expect(end! - start!).toBe(24 * 3_600_000);
  });

  it('names every usage', async () => {
    const { pem } = await selfSigned({ allowed_uses: USAGES });
    const parsed = new Parsed(pem);
    const { digitalSignature, keyEncipherment, keyCertSign } = KeyUsageFlags;
    expect(parsed.getExtension(KeyUsagesExtension)!.usages).toBe(digitalSignature | keyEncipherment | keyCertSign);
    expect(parsed.getExtension(ExtendedKeyUsageExtension)!.usages).toHaveLength(2);
  });

  it('leaves out what has no usage', async () => {
    const parsed = new Parsed((await selfSigned({ allowed_uses: ['server_auth'] })).pem);
    expect(parsed.getExtension(KeyUsagesExtension)).toBeNull();
    expect(new Parsed((await selfSigned()).pem).getExtension(ExtendedKeyUsageExtension)).toBeNull();
  });

  it('is an authority only when asked, with key ids', async () => {
    const plain = new Parsed((await selfSigned()).pem);
    expect(plain.getExtension(BasicConstraintsExtension)).toMatchObject({ ca: false, critical: true });
    expect(plain.getExtension(SubjectKeyIdentifierExtension)).toBeNull();
    const authority = new Parsed((await selfSigned({ is_ca_certificate: true, set_authority_key_id: true })).pem);
    expect(authority.getExtension(BasicConstraintsExtension)).toMatchObject({ ca: true });
    const { keyId } = authority.getExtension(SubjectKeyIdentifierExtension)!;
    expect(authority.getExtension(AuthorityKeyIdentifierExtension)!.keyId).toBe(keyId);
    const named = new Parsed((await selfSigned({ set_subject_key_id: true })).pem);
    expect(named.getExtension(SubjectKeyIdentifierExtension)).not.toBeNull();
  });

  it.each([
    ['an authority without a subject', { is_ca_certificate: true, subject: [] }, 'needs a subject'],
    ['an authority key id without a subject key id', { set_authority_key_id: true }, 'needs a subject key id'],
    ['more of a subject than the stacks have', { subject: [{ country: 'FR' }] }, 'has no country in a subject'],
    ['something that is no key', { private_key_pem: 'no key' }, 'The certificate cannot be made'],
  ])('refuses %s', async (_, given, message) => {
    await expect(selfSigned(given)).rejects.toThrow(message);
  });

  it('refuses a usage that does not exist, and negative hours', () => {
    const { validate } = tlsProvider().resources['tls_self_signed_cert']!;
    expect(() => validate!({ validity_period_hours: -1 })).toThrow('at least 0');
    expect(() => validate!({ allowed_uses: ['server_auth', 'any'] })).toThrow('any');
    expect(() => validate!({ allowed_uses: ['server_auth'] })).not.toThrow();
  });
});

describe('tls_locally_signed_cert', () => {
  it('is signed by the authority for the key of the request', async () => {
    const authority = await selfSigned({ is_ca_certificate: true });
    const key = await newKey();
    const request = await made('tls_cert_request', {
      private_key_pem: key,
      subject: [{ common_name: 'system:admin', organization: 'system:masters' }],
    });
    expect(await new Pkcs10CertificateRequest(request['cert_request_pem']!).verify()).toBe(true);
    expect(request['key_algorithm']).toBe('ECDSA');
    const signed = await made('tls_locally_signed_cert', {
      ca_cert_pem: authority.pem,
      ca_private_key_pem: authority.key,
      cert_request_pem: request['cert_request_pem']!,
      validity_period_hours: 1,
      allowed_uses: ['client_auth'],
    });
    const [above, certificate] = [new X509Certificate(authority.pem), new X509Certificate(signed['cert_pem']!)];
    expect(certificate.checkIssued(above)).toBe(true);
    expect(certificate.verify(above.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.issuer).toBe(above.subject);
    expect(certificate.subject).toBe('O=system:masters\nCN=system:admin');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
    expect(signed['ca_key_algorithm']).toBe('ECDSA');
    const keyId = new Parsed(authority.pem).getExtension(SubjectKeyIdentifierExtension)!.keyId;
    expect(new Parsed(certificate.raw).getExtension(AuthorityKeyIdentifierExtension)!.keyId).toBe(keyId);
  });
});

/** Name of the algorithm that the signature says it was made with. */
function signatureOf(pem: string): string | undefined {
  const { name, hash, namedCurve } = new Parsed(pem).signatureAlgorithm as {
    name: string;
    hash?: { name: string };
    namedCurve?: string;
  };
  if (name === 'ECDSA') return `ecdsa-with-${hash!.name.replace('-', '')}`;
  if (name === 'RSASSA-PKCS1-v1_5') return 'sha256WithRSAEncryption';
  return (namedCurve ?? name).toUpperCase();
}
