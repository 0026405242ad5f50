import { layerManifests, ofKind, type Json } from './manifests';

const SYNC = 'argocd.argoproj.io/sync-options';
const COMPARE = 'argocd.argoproj.io/compare-options';
const PROTECTED = { [SYNC]: 'Prune=false,Delete=false', [COMPARE]: 'IgnoreExtraneous' };

describe('what holds data', () => {
  const holders = ofKind('PersistentVolumeClaim', 'Namespace').filter(({ id }) => !/Namespace rt-/.test(id));

  it.each(holders.map(({ id, body }) => [id, body] as const))(
    '%s outlives its file and its layer',
    (_, { metadata }) => {
      expect(metadata.annotations).toEqual(PROTECTED);
    },
  );

  it('that a StatefulSet claims outlives it, and a smaller number of replicas', () => {
    for (const { id, body } of ofKind('StatefulSet')) {
      const templates = (body['spec'].volumeClaimTemplates ?? []) as Json[];
      if (templates.length === 0) continue;
      expect([id, body['spec'].persistentVolumeClaimRetentionPolicy]).toEqual([
        id,
        { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ]);
      for (const { metadata } of templates) expect(metadata.annotations).toEqual(PROTECTED);
      // Without them Argo CD would call the StatefulSet out of sync for ever.
      for (const { apiVersion, kind } of templates) expect([apiVersion, kind]).toEqual(['v1', 'PersistentVolumeClaim']);
    }
  });

  it('has a class whose volumes outlive their claims', () => {
    const specs = [
      ...ofKind('PersistentVolumeClaim').map(({ body }) => body['spec']),
      ...ofKind('StatefulSet').flatMap(({ body }) =>
        (body['spec'].volumeClaimTemplates ?? []).map(({ spec }: Json) => spec),
      ),
    ];
    for (const spec of specs) expect(spec.storageClassName).toBe('do-block-storage-retain');
  });
});

describe('what does not', () => {
  // The guide: a deleted file takes pods, Services and Ingresses with it.
  it('goes with its file', () => {
    const others = layerManifests.filter(({ body }) => !['PersistentVolumeClaim', 'Namespace'].includes(body['kind']));
    for (const { id, body } of others) {
      const annotations = JSON.stringify(body['metadata'].annotations ?? {});
      expect([id, annotations.includes('Prune=false')]).toEqual([id, false]);
    }
  });
});
