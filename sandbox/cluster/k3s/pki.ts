/** The eleven PKI files that a cluster starts from, checked for what k3s and Kubernetes need of them. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from '@peculiar/x509';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from '../droplet/droplet-disk';
import { caHash } from './k3s-token';

/** Where k3s keeps them on a server. */
export const TLS_FOLDER = '/var/lib/rancher/k3s/server/tls';

const AUTHORITIES = ['server-ca', 'client-ca', 'request-header-ca', 'etcd/server-ca', 'etcd/peer-ca'] as const;
const SERVICE_KEY = 'service.key';

/** Paths of all eleven, relative to the folder. */
export const PKI_PATHS: readonly string[] = [
  ...AUTHORITIES.flatMap((name) => [`${name}.crt`, `${name}.key`]),
  SERVICE_KEY,
];

export type AuthorityName = (typeof AUTHORITIES)[number];

/** A certificate authority that can sign. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  /** Its file, as it is on the disk. */
  readonly pem: string;
}

export interface Pki {
  readonly authorities: Readonly<Record<AuthorityName, Authority>>;
  /** Hash of the server CA, by which tokens name the cluster. */
  readonly hash: string;
  /** Public key of the server CA. */
  readonly serverCaKey: KeyObject;
  /** By path. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * @param read content of a file by its path, undefined where there is none
 * @throws BootFailure naming the file and its fault
 */
export function readPki(read: (path: string) => Buffer | undefined): Pki {
  const files = new Map<string, Buffer>();
  for (const path of PKI_PATHS) {
    const content = read(path);
    if (content !== undefined) files.set(path, content);
  }
  const missing = PKI_PATHS.filter((path) => !files.has(path));
  if (missing.length > 0) {
    throw new BootFailure(
      `${TLS_FOLDER} lacks ${missing.join(', ')}: k3s would make up ${missing.length === 1 ? 'it' : 'them'}, ` +
        'and nobody would trust the cluster.',
    );
  }
  checkServiceKey(files.get(SERVICE_KEY)!.toString());
  const authorities = Object.fromEntries(AUTHORITIES.map((name) => [name, readAuthority(name, files)]));
  return {
    authorities: authorities as Record<AuthorityName, Authority>,
    hash: caHash(files.get('server-ca.crt')!),
    serverCaKey: createPublicKey(files.get('server-ca.crt')!),
    files,
  };
}

/** A server's own. @throws BootFailure like `readPki` */
export function readPkiOf(disk: DropletDisk): Pki {
  return readPki((path) => (disk.has(`${TLS_FOLDER}/${path}`) ? disk.read(`${TLS_FOLDER}/${path}`) : undefined));
}

function readAuthority(name: AuthorityName, files: ReadonlyMap<string, Buffer>): Authority {
  const pem = files.get(`${name}.crt`)!.toString();
  const certificate = parseCertificate(`${name}.crt`, pem);
  const key = parseKey(`${name}.key`, files.get(`${name}.key`)!.toString());
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  if (!spki.equals(Buffer.from(certificate.publicKey.rawData))) {
    throw new BootFailure(
      `${TLS_FOLDER}/${name}.key is not the key of ${name}.crt: nothing that it signs would be trusted.`,
    );
  }
  const fault = authorityFault(certificate);
  if (fault !== undefined) throw new BootFailure(`${TLS_FOLDER}/${name}.crt ${fault}.`);
  return { certificate, key, pem };
}

function parseCertificate(path: string, pem: string): X509Certificate {
  const count = pem.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (count !== 1) throw new BootFailure(`${TLS_FOLDER}/${path} holds ${count} certificates instead of one.`);
  try {
    return new X509Certificate(pem);
  } catch {
    throw new BootFailure(`${TLS_FOLDER}/${path} is not a certificate in PEM.`);
  }
}

function parseKey(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new BootFailure(`${TLS_FOLDER}/${path} is not a private key in PEM.`);
  }
}

function authorityFault(certificate: X509Certificate): string | undefined {
  const now = new Date();
  if (certificate.getExtension(BasicConstraintsExtension)?.ca !== true)
    return 'is not a certificate authority (CA:true)';
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages ?? 0;
  if ((usages & KeyUsageFlags.keyCertSign) === 0) return 'may not sign certificates (key usage cert_signing)';
  // k3s would renew every leaf at each start: it compares their authority key id with this one.
  if (certificate.getExtension(SubjectKeyIdentifierExtension) === null) return 'has no subject key id';
  if (certificate.notAfter < now) return `expired on ${certificate.notAfter.toISOString()}`;
  if (certificate.notBefore > now) return `is not valid before ${certificate.notBefore.toISOString()}`;
  return undefined;
}

/** k3s hands the file to the API server, which reads RSA keys, and EC keys in SEC1 only. We want RSA in PKCS#1. */
function checkServiceKey(pem: string): void {
  const path = `${TLS_FOLDER}/${SERVICE_KEY}`;
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(pem)?.[1];
  if (label !== 'RSA PRIVATE KEY') {
    throw new BootFailure(`${path} must be an RSA key in PKCS#1 (RSA PRIVATE KEY), not ${label ?? 'something else'}.`);
  }
  const bits = parseKey(SERVICE_KEY, pem).asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) throw new BootFailure(`${path} is an RSA key of ${bits} bits: at least 2048.`);
}
