/** cert-manager's Challenge: one for each name of a certificate that Let's Encrypt has to believe. */
import { createHash } from 'node:crypto';
import type { KubernetesObject } from '#clients/kubernetes/object';

export interface Challenge extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly namespace: string;
    readonly uid: string;
    readonly ownerReferences: readonly { readonly uid: string }[];
  };
  readonly spec: {
    readonly dnsName: string;
    readonly token: string;
    readonly key: string;
    readonly solver: Http01Solver;
  };
  readonly status?: {
    readonly state?: 'pending' | 'valid';
    readonly presented?: boolean;
    readonly reason?: string;
  };
}

/** How an issuer proves that a name is ours. */
export interface Http01Solver {
  readonly http01: { readonly ingress: { readonly ingressClassName?: string; readonly serviceType?: string } };
}

/** What a challenge is for. */
interface Subject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid?: string };
  readonly spec: { readonly dnsNames: readonly string[]; readonly issuerRef: object };
}

/** As cert-manager would make them, but that the Order between a Certificate and its Challenges is left out. */
export function challengesFor({ metadata, spec }: Subject, solver: Http01Solver): KubernetesObject[] {
  const { name, namespace, uid } = metadata;
  const owner = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name, uid, controller: true };
  return spec.dnsNames.map((dnsName) => {
    const token = createHash('sha256').update(`${uid} ${dnsName}`).digest('base64url');
    return {
      apiVersion: 'acme.cert-manager.io/v1',
      kind: 'Challenge',
      metadata: { name: `${name}-${numberOf(dnsName)}`, namespace, ownerReferences: [owner] },
      spec: { type: 'HTTP-01', dnsName, token, key: `${token}.sandbox`, issuerRef: spec.issuerRef, solver },
    };
  });
}

/** A decimal hash, which cert-manager puts into names and labels. */
export function numberOf(text: string): string {
  return String(createHash('sha256').update(text).digest().readUInt32BE());
}
