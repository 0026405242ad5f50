/** The volume driver's part for claims that ask for more than they have. */
import { gibibytes } from '#config/gibibytes';
import { readyWorkload, VOLUME_DRIVER, workloadsOf } from './add-on';
import { CLAIMS, pathOf, VOLUMES } from './api-paths';
import type { BlockStorage } from './block-storage';
import { forEachObject, type Controller } from './controller';
import { DRIVER, type Claim, type Volume } from './volume-objects';

export function volumeExpansion(storage: BlockStorage): Controller {
  return {
    name: 'growing volumes',
    watches: [CLAIMS, VOLUMES, workloadsOf(VOLUME_DRIVER)],
    async reconcile(view) {
      if (readyWorkload(view, VOLUME_DRIVER) === undefined) return;
      const volumes = view.objects<Volume>(VOLUMES);
      const bound = view.objects<Claim>(CLAIMS).filter(({ status }) => status?.phase === 'Bound');
      await forEachObject(bound, async (claim) => {
        const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
        if (volume?.spec.csi?.driver !== DRIVER) return;
        const wanted = gibibytes(claim.spec.resources.requests.storage);
        if (wanted <= gibibytes(claim.status?.capacity?.storage ?? '0')) return;
        const capacity = { storage: `${wanted}Gi` };
        await storage.resize(volume.spec.csi.volumeHandle, wanted);
        await view.client.patch(pathOf(VOLUMES, volume), { spec: { capacity } });
        await view.client.patch(`${pathOf(CLAIMS, claim)}/status`, { status: { capacity } });
      });
    },
  };
}
