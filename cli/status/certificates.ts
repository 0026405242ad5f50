/** Certificates: those of the access to the cluster, and those that cert-manager keeps. For k3s' own see k3s-certificates.ts. */
import { X509Certificate } from 'node:crypto';
import type { CertificateObject } from './api-objects';
import type { CertificateStatus } from './platform-status';

/** A PEM certificate and what to call it. */
export interface NamedCertificate {
  readonly name: string;
  readonly pem: string;
}

const DAY_MS = 86_400_000;
/** A deploy in this time before the end renews the admin's certificate (stacks/network/pki.ts). */
const WARNING_DAYS = 60;
/** cert-manager renews a third of the lifetime before the end. A day after that it has evidently failed. */
const RENEWAL_GRACE_MS = DAY_MS;

export function accessCertificates(certificates: readonly NamedCertificate[], now: Date): CertificateStatus[] {
  return certificates.map(({ name, pem }) => {
    const expiresAt = new Date(new X509Certificate(pem).validTo);
    const valid = expiresAt > now;
    return { name, expiresAt: expiresAt.toISOString(), valid, ...(!valid && { problem: 'has expired' }) };
  });
}

export function clusterCertificates(certificates: readonly CertificateObject[], now: Date): CertificateStatus[] {
  return certificates.map(({ metadata, status }) => {
    const { notAfter, conditions = [] } = status ?? {};
    const ready = conditions.find(({ type }) => type === 'Ready');
    const expired = notAfter !== undefined && new Date(notAfter) <= now;
    const valid = ready?.status === 'True' && !expired;
    const problem = expired ? 'has expired' : (ready?.message ?? 'has not been issued yet');
    return {
      name: `${metadata.namespace ?? ''}/${metadata.name}`,
      ...(notAfter !== undefined && { expiresAt: new Date(notAfter).toISOString() }),
      valid,
      ...(!valid && { problem }),
    };
  });
}

export function isSound({ valid, problem }: CertificateStatus): boolean {
  return valid && problem === undefined;
}

/** Of those that only a deploy renews. */
export function expiryWarnings(certificates: readonly CertificateStatus[], now: Date): string[] {
  return certificates.flatMap(({ name, expiresAt, valid }) => {
    const days = daysUntil(expiresAt, now);
    if (!valid || days === undefined || days >= WARNING_DAYS) return [];
    return [
      `The certificate "${name}" expires in ${days} days. A deploy renews it (npx cdktf deploy network); ` +
        'then everyone needs a new kubeconfig: npx forge kubeconfig',
    ];
  });
}

/** Of those that cert-manager should have renewed by itself. */
export function renewalWarnings(certificates: readonly CertificateObject[], now: Date): string[] {
  return certificates.flatMap(({ metadata, status }) => {
    const { renewalTime, notAfter } = status ?? {};
    if (renewalTime === undefined || new Date(renewalTime).getTime() + RENEWAL_GRACE_MS > now.getTime()) return [];
    const name = `${metadata.namespace ?? ''}/${metadata.name}`;
    return [
      `The certificate ${name} should have been renewed on ${renewalTime.slice(0, 10)} and expires on ` +
        `${notAfter?.slice(0, 10) ?? 'an unknown day'}: kubectl describe certificate ${metadata.name} -n ${metadata.namespace ?? ''}`,
    ];
  });
}

/** Whole days; undefined when it has no end yet. */
export function daysUntil(time: string | undefined, now: Date): number | undefined {
  return time === undefined ? undefined : Math.floor((new Date(time).getTime() - now.getTime()) / DAY_MS);
}
