/** The volumes that the manifests of k8s/ claim. */
import { join } from 'node:path';
import { gibibytes } from '#config/gibibytes';
import { readManifests } from '../manifests/folder';
import { manifestDocuments } from '../manifests/documents';
import type { ClaimedVolume } from './estimate';

interface Claim {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
}

interface Manifest extends Claim {
  readonly kind?: string;
  readonly spec?: Claim['spec'] & {
    readonly replicas?: number;
    readonly volumeClaimTemplates?: readonly Claim[];
  };
}

/** Those of a StatefulSet once for each replica. */
export function claimedVolumes(checkout: string): ClaimedVolume[] {
  const documents = [...readManifests(join(checkout, 'k8s'))].flatMap(([file, text]) =>
    manifestDocuments(`k8s/${file}`, text).map(({ body }) => body as Manifest),
  );
  return documents.flatMap((manifest) => {
    if (manifest.kind === 'PersistentVolumeClaim') return [volume(manifest)];
    const { replicas = 1, volumeClaimTemplates: templates = [] } = manifest.spec ?? {};
    return Array.from({ length: replicas }, () => templates.map(volume)).flat();
  });
}

function volume({ metadata, spec }: Claim): ClaimedVolume {
  return { name: metadata?.name ?? '', gigabytes: gibibytes(spec?.resources?.requests?.storage ?? '0') };
}
