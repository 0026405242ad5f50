/** The volume driver's part for volumes whose claim is gone: those that are not to be kept are deleted. */
import { readyWorkload, VOLUME_DRIVER, workloadsOf } from './add-on';
import { pathOf, VOLUMES } from './api-paths';
import type { BlockStorage } from './block-storage';
import { forEachObject, type Controller } from './controller';
import { DRIVER, type Volume } from './volume-objects';
import { FINALIZER } from './volume-provisioning';

export function volumeReclaiming(storage: BlockStorage): Controller {
  return {
    name: 'released volumes',
    watches: [VOLUMES, workloadsOf(VOLUME_DRIVER)],
    async reconcile(view) {
      if (readyWorkload(view, VOLUME_DRIVER) === undefined) return;
      const volumes = view.objects<Volume>(VOLUMES).filter(({ spec }) => spec.csi?.driver === DRIVER);
      await forEachObject(volumes, async (volume) => {
        const path = pathOf(VOLUMES, volume);
        const finalizers = volume.metadata.finalizers ?? [];
        // Both name ours alone: Kubernetes takes away its own meanwhile, and what was seen before would bring it back.
        const release = () =>
          view.client.patchStrategic(path, { metadata: { '$deleteFromPrimitiveList/finalizers': [FINALIZER] } });
        const hold = () => view.client.patchStrategic(path, { metadata: { finalizers: [FINALIZER] } });
        if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete') {
          if (finalizers.includes(FINALIZER)) await release();
        } else if (!finalizers.includes(FINALIZER) && volume.metadata.deletionTimestamp === undefined) {
          // So does the real provisioner with one that was to be kept before (handleProtectionFinalizer of its library).
          await hold();
        } else if (volume.status?.phase === 'Released' && finalizers.includes(FINALIZER)) {
          await storage.delete(volume.spec.csi!.volumeHandle);
          await view.client.delete(path);
          await release();
        }
      });
    },
  };
}
