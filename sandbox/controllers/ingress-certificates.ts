/** cert-manager's part for Ingresses that name an issuer: asks for a certificate for each of their TLS entries. */
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '#clients/kubernetes/object';
import { CERT_MANAGER, readyWorkload, workloadsOf } from './add-on';
import { CERTIFICATES, collectionOf, INGRESSES, pathOf } from './api-paths';
import type { Certificate } from './certificate-secrets';
import { forEachObject, type Controller } from './controller';

interface Ingress extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & {
    readonly uid: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[] };
}

const ISSUER = 'cert-manager.io/cluster-issuer';

export function ingressCertificates(): Controller {
  return {
    name: 'certificates of Ingresses',
    watches: [INGRESSES, CERTIFICATES, workloadsOf(CERT_MANAGER)],
    async reconcile(view) {
      if (readyWorkload(view, CERT_MANAGER) === undefined) return;
      const ingresses = view.objects<Ingress>(INGRESSES);
      const existing = view.objects<Certificate>(CERTIFICATES);
      const wanted = ingresses.flatMap(certificatesOf);
      await forEachObject(wanted, async (certificate) => {
        const current = existing.find((one) => isSame(one, certificate));
        if (current === undefined) await view.client.create(collectionOf(CERTIFICATES, certificate), certificate);
        else if (!ownerOf(current) || isDeepStrictEqual(current.spec, certificate.spec)) return;
        else await view.client.patch(pathOf(CERTIFICATES, current), { spec: certificate.spec });
      });
      // When the Ingress itself goes, Kubernetes removes what it owns.
      const orphans = existing.filter(
        (one) =>
          ingresses.some(({ metadata }) => metadata.uid === ownerOf(one)) &&
          !wanted.some((certificate) => isSame(one, certificate)),
      );
      await forEachObject(orphans, (certificate) => view.client.delete(pathOf(CERTIFICATES, certificate)));
    },
  };
}

function certificatesOf({ metadata, spec }: Ingress): Certificate[] {
  const { name, namespace, uid, labels, annotations } = metadata;
  const issuer = annotations?.[ISSUER];
  if (issuer === undefined) return [];
  return (spec.tls ?? []).flatMap(({ hosts = [], secretName }) => {
    if (secretName === undefined || hosts.length === 0) return [];
    const owner = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name, uid };
    return {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: {
        name: secretName,
        namespace,
        ...(labels && { labels }),
        ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
      },
      spec: {
        dnsNames: hosts,
        secretName,
        usages: ['digital signature', 'key encipherment'],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer },
      },
    };
  });
}

function isSame({ metadata: one }: Certificate, { metadata: other }: Certificate): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

/** Of the Ingress that a certificate was made for. Somebody's own certificate has none. */
function ownerOf({ metadata }: Certificate): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === 'Ingress')?.uid;
}
