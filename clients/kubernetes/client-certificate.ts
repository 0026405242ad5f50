/** A client certificate that the cluster itself signs, for a time. The key never leaves the process that asks. */
import 'reflect-metadata';
import { Pkcs10CertificateRequestGenerator, type JsonName } from '@peculiar/x509';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { until } from '../until';
import type { KubernetesClient } from './client';
import { KubernetesFailure } from './failure';
import type { KubernetesObject } from './object';

/** Whom it speaks for. Kubernetes takes the user from the common name, the group from the organization. */
export interface ClientIdentity {
  readonly user: string;
  readonly group: string;
}

/** PEM. */
export interface ClientCertificate {
  readonly clientCertificate: string;
  readonly clientKey: string;
}

type SigningRequest = KubernetesObject & { readonly status?: { readonly certificate?: string } };

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const SIGNER = 'kubernetes.io/kube-apiserver-client';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_SECONDS = 86_400;
const SIGNED_WITHIN_MS = 30_000;
const POLL_MS = 100;

/**
 * Asks for a certificate, approves it, and waits for it. The cluster removes the request an hour later.
 *
 * @param client an administrator's
 * @throws KubernetesFailure when the cluster refuses, or signs nothing within half a minute
 */
export async function issueClientCertificate(
  client: KubernetesClient,
  identity: ClientIdentity,
  days: number,
): Promise<ClientCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const path = await request(client, identity, keys, days);
  await client.patch(`${path}/approval`, { status: { conditions: [APPROVED] } });
  const what = () =>
    new KubernetesFailure(
      `The cluster approved a certificate for ${identity.user}, but signed none. Does a server's kube-controller-manager run?`,
      { reason: 'not signed in time' },
    );
  const signed = async () => (await client.get<SigningRequest>(path))?.status?.certificate;
  const certificate = await until(signed, { every: POLL_MS, limit: SIGNED_WITHIN_MS, what });
  return {
    clientCertificate: Buffer.from(certificate, 'base64').toString(),
    clientKey: KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

const APPROVED = {
  type: 'Approved',
  status: 'True',
  reason: 'IssuedByForge',
  message: 'By whoever holds the Terraform state.',
};

/** @returns where the request is */
async function request(
  client: KubernetesClient,
  { user, group }: ClientIdentity,
  keys: webcrypto.CryptoKeyPair,
  days: number,
): Promise<string> {
  const name: JsonName = [{ O: [group] }, { CN: [user] }];
  const signed = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM }, webcrypto);
  const id = `forge-${randomBytes(8).toString('hex')}`;
  await client.create(REQUESTS, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: id },
    spec: {
      request: Buffer.from(signed.toString('pem')).toString('base64'),
      signerName: SIGNER,
      expirationSeconds: days * DAY_SECONDS,
      usages: ['client auth', 'digital signature', 'key encipherment'],
    },
  });
  return `${REQUESTS}/${id}`;
}
