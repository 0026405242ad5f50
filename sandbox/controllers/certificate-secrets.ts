/** cert-manager's part for certificates: keeps a signed one in the Secret that each names. */
import { isDeepStrictEqual } from 'node:util';
import { isReady, type KubernetesObject } from '#clients/kubernetes/object';
import { challengesFor, type Challenge, type Http01Solver } from './acme-challenge';
import { CERT_MANAGER, readyWorkload, workloadsOf } from './add-on';
import { CERTIFICATES, CHALLENGES, CLUSTER_ISSUERS, collectionOf, pathOf, SECRETS } from './api-paths';
import type { ClusterIssuer } from './cluster-issuers';
import { condition, kubernetesTime, type Condition } from './conditions';
import { forEachObject, type ClusterView, type Controller } from './controller';
import { selfSigned, validityOf } from './self-signed-certificate';

export interface Certificate extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly namespace: string;
    readonly uid?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly uid: string }[];
    readonly generation?: number;
  };
  readonly spec: {
    readonly dnsNames: readonly string[];
    readonly secretName: string;
    readonly issuerRef: { readonly kind?: string; readonly name: string };
  };
  readonly status?: CertificateStatus;
}

interface CertificateStatus {
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

interface TlsSecret extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: { readonly 'tls.crt'?: string };
}

/** cert-manager's words. What holds a certificate up stands in its Challenges. */
const ISSUING = 'Issuing certificate as Secret does not exist';
const NO_SOLVER = 'no configured challenge solvers can be used for this challenge';
/** cert-manager puts it on every Secret of its own. */
const OURS = { 'controller.cert-manager.io/fao': 'true' };
const SECRETS_OF_CERTIFICATES = `${SECRETS}?labelSelector=controller.cert-manager.io%2Ffao%3Dtrue`;

export function certificateSecrets(): Controller {
  return {
    name: 'certificates',
    watches: [CERTIFICATES, CHALLENGES, CLUSTER_ISSUERS, SECRETS_OF_CERTIFICATES, workloadsOf(CERT_MANAGER)],
    async reconcile(view) {
      if (readyWorkload(view, CERT_MANAGER) === undefined) return;
      await forEachObject(view.objects<Certificate>(CERTIFICATES), (certificate) => keep(view, certificate));
    },
  };
}

async function keep(view: ClusterView, certificate: Certificate): Promise<void> {
  const { issuerRef } = certificate.spec;
  const missing = (message: string) =>
    report(view, certificate, { conditions: [condition('Ready', 'False', 'DoesNotExist', message)] });
  const issuer = view.objects<ClusterIssuer>(CLUSTER_ISSUERS).find(({ metadata }) => metadata.name === issuerRef.name);
  if (issuerRef.kind !== 'ClusterIssuer' || issuer === undefined || !isReady(issuer.status)) {
    const reason = issuer === undefined ? 'there is no such issuer' : 'the issuer is not ready';
    return missing(`${issuerRef.kind} ${issuerRef.name}: ${reason}`);
  }
  const solver = issuer.spec.acme.solvers?.find((one): one is Http01Solver => one.http01 !== undefined);
  const pem = (await currentPem(view, certificate)) ?? (solver && (await issue(view, certificate, solver)));
  if (pem === undefined) return missing(solver ? ISSUING : NO_SOLVER);
  await forEachObject(challengesOf(view, certificate), (challenge) =>
    view.client.delete(pathOf(CHALLENGES, challenge)),
  );
  const { notBefore, notAfter } = validityOf(pem);
  const renewal = new Date(notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3);
  await report(view, certificate, {
    conditions: [condition('Ready', 'True', 'Ready', 'Certificate is up to date and has not expired')],
    notBefore: kubernetesTime(notBefore),
    notAfter: kubernetesTime(notAfter),
    renewalTime: kubernetesTime(renewal),
  });
}

/** A new certificate, once every name of it has been proved. */
async function issue(view: ClusterView, certificate: Certificate, solver: Http01Solver): Promise<string | undefined> {
  const known = challengesOf(view, certificate);
  const wanted = challengesFor(certificate, solver).map((challenge) => ({
    challenge,
    state: known.find(({ metadata }) => metadata.name === challenge.metadata.name)?.status?.state,
  }));
  if (wanted.every(({ state }) => state === 'valid')) return renew(view, certificate);
  for (const { challenge } of wanted) await view.client.create(collectionOf(CHALLENGES, challenge), challenge);
  return undefined;
}

function challengesOf(view: ClusterView, { metadata }: Certificate): Challenge[] {
  return view.objects<Challenge>(CHALLENGES).filter(({ metadata: { ownerReferences } }) => {
    return ownerReferences.some(({ uid }) => uid === metadata.uid);
  });
}

/** The certificate in the Secret, if it is what is asked for. */
async function currentPem(view: ClusterView, certificate: Certificate): Promise<string | undefined> {
  const { namespace } = certificate.metadata;
  const name = certificate.spec.secretName;
  const known = view
    .objects<TlsSecret>(SECRETS_OF_CERTIFICATES)
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  if (known !== undefined && isFor(certificate, known)) return pemOf(known);
  // What was written a moment ago may not have been seen yet.
  const written = await view.client.get<TlsSecret>(pathOf(SECRETS, { metadata: { namespace, name } }));
  return written !== undefined && isFor(certificate, written) ? pemOf(written) : undefined;
}

function isFor(certificate: Certificate, { metadata, data }: TlsSecret): boolean {
  const wanted = Object.entries(annotationsOf(certificate));
  return data?.['tls.crt'] !== undefined && wanted.every(([key, value]) => metadata.annotations?.[key] === value);
}

function pemOf({ data }: TlsSecret): string {
  return Buffer.from(data!['tls.crt']!, 'base64').toString();
}

async function renew(view: ClusterView, certificate: Certificate): Promise<string> {
  const { certificate: pem, key } = await selfSigned(certificate.spec.dnsNames);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: {
      name: certificate.spec.secretName,
      namespace: certificate.metadata.namespace,
      labels: OURS,
      annotations: annotationsOf(certificate),
    },
    data: { 'tls.crt': base64(pem), 'tls.key': base64(key) },
  };
  const isNew = await view.client.create(collectionOf(SECRETS, secret), secret);
  if (!isNew) await view.client.patch(pathOf(SECRETS, secret), { metadata: secret.metadata, data: secret.data });
  return pem;
}

function annotationsOf({ metadata, spec }: Certificate): Record<string, string> {
  return {
    'cert-manager.io/certificate-name': metadata.name,
    'cert-manager.io/issuer-kind': spec.issuerRef.kind ?? 'Issuer',
    'cert-manager.io/issuer-name': spec.issuerRef.name,
    'cert-manager.io/alt-names': spec.dnsNames.join(','),
  };
}

async function report(view: ClusterView, certificate: Certificate, status: CertificateStatus): Promise<void> {
  const { metadata, status: before = {} } = certificate;
  const after = {
    ...status,
    conditions: status.conditions!.map((one) => ({ ...one, observedGeneration: metadata.generation })),
  };
  if (isDeepStrictEqual(timeless(before), timeless(after))) return;
  await view.client.patch(`${pathOf(CERTIFICATES, certificate)}/status`, { status: after });
}

/** Without the time at which a condition began. */
function timeless({ conditions = [], ...status }: CertificateStatus): object {
  return { ...status, conditions: conditions.map((one) => ({ ...one, lastTransitionTime: '' })) };
}
