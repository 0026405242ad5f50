/** The eleven files as Terraform's tls provider makes them. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import type { PkiFile } from '#stacks/network/pki';

export interface AuthorityOptions {
  readonly isCa?: boolean;
  readonly subjectKeyId?: boolean;
  readonly notAfter?: Date;
}

export interface AuthorityPair {
  readonly certificate: string;
  readonly key: string;
}

export async function authorityPair(commonName: string, options: AuthorityOptions = {}): Promise<AuthorityPair> {
  const { isCa = true, subjectKeyId = true, notAfter = new Date(Date.now() + 3650 * 86_400_000) } = options;
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - 86_400_000),
    notAfter,
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(isCa, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyCertSign,
        true,
      ),
      ...(subjectKeyId ? [await SubjectKeyIdentifierExtension.create(keys.publicKey)] : []),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: key.export({ format: 'pem', type: 'sec1' }).toString(),
  };
}

export function rsaKey(bits = 2048, type: 'pkcs1' | 'pkcs8' = 'pkcs1'): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return privateKey.export({ format: 'pem', type }).toString();
}

/** One for all: RSA keys are slow to make, and who made this one is asked by nobody. */
let serviceKey: string | undefined;

export async function pkiFiles(): Promise<PkiFile[]> {
  const names = ['server-ca', 'client-ca', 'request-header-ca', 'etcd/server-ca', 'etcd/peer-ca'];
  const pairs = await Promise.all(names.map((name) => authorityPair(`k3s-${name.replace('/', '-')}`)));
  const files = names.flatMap((name, index) => [
    { path: `${name}.crt`, pem: pairs[index]!.certificate },
    { path: `${name}.key`, pem: pairs[index]!.key },
  ]);
  serviceKey ??= rsaKey();
  return [...files, { path: 'service.key', pem: serviceKey }];
}

/** The same files with one changed. */
export function withFile(files: readonly PkiFile[], path: string, pem: string): PkiFile[] {
  return files.map((file) => (file.path === path ? { path, pem } : file));
}

export function pemOf(files: readonly PkiFile[], path: string): string {
  return files.find((file) => file.path === path)!.pem;
}
