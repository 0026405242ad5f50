/** The volume driver's part for new claims: makes a volume for each, which Kubernetes then binds to it. */
import { gibibytes } from '#config/gibibytes';
import { readyWorkload, VOLUME_DRIVER, workloadsOf } from './add-on';
import { CLAIMS, STORAGE_CLASSES, VOLUMES } from './api-paths';
import type { BlockStorage } from './block-storage';
import { forEachObject, type Controller } from './controller';
import { DRIVER, type Claim, type StorageClass } from './volume-objects';

/** Kubernetes puts it on a claim when it is the driver's turn. */
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
/** Node of the first pod, for classes that wait for one. */
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

export function volumeProvisioning(storage: BlockStorage): Controller {
  return {
    name: 'volumes',
    watches: [CLAIMS, STORAGE_CLASSES, workloadsOf(VOLUME_DRIVER)],
    async reconcile(view) {
      if (readyWorkload(view, VOLUME_DRIVER) === undefined) return;
      const classes = view.objects<StorageClass>(STORAGE_CLASSES);
      await forEachObject(view.objects<Claim>(CLAIMS).filter(isWaiting), async (claim) => {
        const storageClass = classes.find(({ metadata }) => metadata.name === claim.spec.storageClassName);
        if (storageClass?.provisioner !== DRIVER || !isTurnOf(claim, storageClass)) return;
        const sizeGiB = gibibytes(claim.spec.resources.requests.storage);
        const id = await storage.create(nameFor(claim), sizeGiB);
        await view.client.create(VOLUMES, volumeFor(claim, storageClass, id, sizeGiB));
      });
    },
  };
}

function isWaiting({ metadata, spec }: Claim): boolean {
  const isDriversTurn = metadata.annotations?.[PROVISIONER] === DRIVER;
  return isDriversTurn && spec.volumeName === undefined && metadata.deletionTimestamp === undefined;
}

function isTurnOf({ metadata }: Claim, { volumeBindingMode }: StorageClass): boolean {
  return volumeBindingMode !== 'WaitForFirstConsumer' || metadata.annotations?.[SELECTED_NODE] !== undefined;
}

function nameFor({ metadata: { uid } }: Claim): string {
  return `pvc-${uid}`;
}

function volumeFor(claim: Claim, storageClass: StorageClass, id: string, sizeGiB: number): object {
  const { name, namespace, uid } = claim.metadata;
  const { accessModes, volumeMode = 'Filesystem' } = claim.spec;
  const reclaimPolicy = storageClass.reclaimPolicy ?? 'Delete';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: nameFor(claim),
      annotations: { 'pv.kubernetes.io/provisioned-by': DRIVER },
      ...(reclaimPolicy === 'Delete' && { finalizers: [FINALIZER] }),
    },
    spec: {
      accessModes,
      volumeMode,
      storageClassName: storageClass.metadata.name,
      capacity: { storage: `${sizeGiB}Gi` },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      csi: {
        driver: DRIVER,
        volumeHandle: id,
        ...(volumeMode === 'Filesystem' && {
          fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4',
        }),
      },
    },
  };
}
