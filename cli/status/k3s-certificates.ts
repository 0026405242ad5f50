/** The certificates that k3s makes for itself, for a year. It renews them when it starts in their last 120 days, which is every month. */
import type { X509Certificate } from 'node:crypto';
import type { NodeObject } from './api-objects';
import { daysUntil } from './certificates';
import type { CertificateStatus } from './platform-status';

const DAY_MS = 86_400_000;
/** Three restarts in a row have not renewed them then. */
const WARNING_DAYS = 30;
/** Each node writes it on itself (stacks/network/cloud-init/report-certificates.sh). */
const ANNOTATION = 'forge/k3s-certificates-end';
/** A new node needs some minutes. */
const SILENCE_MS = DAY_MS;

/** @param api what the API server showed; unknown where nothing was asked of it */
export function k3sCertificates(
  nodes: readonly NodeObject[],
  api: X509Certificate | undefined,
  now: Date,
): CertificateStatus[] {
  const ofNodes = nodes.flatMap(({ metadata }) => {
    const end = metadata.annotations?.[ANNOTATION];
    return end === undefined ? [] : [certificateStatus(`k3s on ${metadata.name}`, end, now)];
  });
  return [...(api === undefined ? [] : [certificateStatus('API server', api.validTo, now)]), ...ofNodes];
}

function certificateStatus(name: string, end: string, now: Date): CertificateStatus {
  const expiresAt = new Date(end);
  const valid = expiresAt > now;
  const late = daysUntil(end, now)! < WARNING_DAYS;
  return {
    name,
    expiresAt: expiresAt.toISOString(),
    valid,
    ...(late && { problem: valid ? 'k3s should have renewed it' : 'has expired' }),
  };
}

/** Of those that ought to have been renewed, and of nodes that say nothing. */
export function k3sWarnings(
  certificates: readonly CertificateStatus[],
  nodes: readonly NodeObject[],
  now: Date,
): string[] {
  const late = certificates.filter(({ problem }) => problem !== undefined);
  const silent = nodes.filter(({ metadata: { annotations, creationTimestamp } }) => {
    const age = now.getTime() - Date.parse(creationTimestamp ?? '');
    return annotations?.[ANNOTATION] === undefined && age > SILENCE_MS;
  });
  return [
    ...late.map(
      ({ name, expiresAt, valid }) =>
        `The certificate of "${name}" ${valid ? 'ends' : 'ended'} on ${expiresAt!.slice(0, 10)} and was not renewed. ` +
        'A restart of the machine renews it: docs/status.md, "Certificates of k3s"',
    ),
    ...silent.map(
      ({ metadata }) =>
        `The node ${metadata.name} does not say when its certificates end, so they may end unseen: docs/status.md, "Certificates of k3s"`,
    ),
  ];
}
