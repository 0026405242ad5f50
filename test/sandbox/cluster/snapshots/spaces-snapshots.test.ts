import { createBucket } from '#sandbox/cloud/spaces/buckets';
import { startSpaces, type Spaces } from '#sandbox/cloud/spaces/spaces';
import type { SnapshotSettings } from '#sandbox/cluster/k3s/k3s-settings';
import { SpacesSnapshots } from '#sandbox/cluster/snapshots/spaces-snapshots';
import { LOOPBACK_NETWORK } from '#test/loopback-network';
import { newFolder } from '#test/new-folder';

const settings: SnapshotSettings = {
  schedule: '0 * * * *',
  retention: 3,
  endpoint: 'fra1.digitaloceanspaces.com',
  region: 'fra1',
  bucket: 'snapshots',
  folder: 'forge-test',
  accessKey: 'DO00SNAPSHOTS',
  secretKey: 'secret',
};

describe('snapshots in Spaces', () => {
  let spaces: Spaces;
  let store: SpacesSnapshots;
  beforeAll(async () => {
    const address = `${LOOPBACK_NETWORK}.249.1`;
    const key = { secretKey: settings.secretKey, grants: [{ bucket: 'snapshots', permission: 'readwrite' as const }] };
    const keys = (id: string) => (id === settings.accessKey ? key : undefined);
    spaces = await startSpaces({ folder: newFolder('snapshots'), address, port: 0, region: 'fra1', keys });
    createBucket(spaces.store, 'snapshots');
    createBucket(spaces.store, 'other');
    store = new SpacesSnapshots(spaces.endpoint);
  });
  afterAll(() => spaces.stop());

  it('are kept byte by byte in the cluster’s folder, and only there', async () => {
    const content = Buffer.from([0, 1, 2, 255]);
    await store.write(settings, 'etcd-snapshot-one-1', content);
    await store.write({ ...settings, folder: 'another-cluster' }, 'etcd-snapshot-two-2', content);
    expect((await store.list(settings)).map(({ name }) => name)).toEqual(['etcd-snapshot-one-1']);
    expect(await store.read(settings, 'etcd-snapshot-one-1')).toEqual(content);
    await store.remove(settings, 'etcd-snapshot-one-1');
    expect(await store.list(settings)).toEqual([]);
  });

  it('are reached with the servers’ own key, which opens nothing else', async () => {
    await expect(store.list({ ...settings, bucket: 'other' })).rejects.toThrow();
    await expect(store.list({ ...settings, secretKey: 'wrong' })).rejects.toThrow();
  });
});
