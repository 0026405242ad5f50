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
  return [...readManifests(join(checkout, 'k8s'))].flatMap(([name, text]) => {
    const file = `k8s/${name}`;
    return manifestDocuments(file, text).flatMap(({ body, line }) => volumesOf(body as Manifest, `${file}:${line}`));
  });
}

function volumesOf(manifest: Manifest, place: string): ClaimedVolume[] {
  const volume = ({ metadata, spec }: Claim) => {
    return { name: metadata?.name ?? '', gigabytes: gibibytes(spec?.resources?.requests?.storage ?? '0', place) };
  };
  if (manifest.kind === 'PersistentVolumeClaim') return [volume(manifest)];
  const { replicas = 1, volumeClaimTemplates: templates = [] } = manifest.spec ?? {};
  return Array.from({ length: replicas }, () => templates.map(volume)).flat();
}
