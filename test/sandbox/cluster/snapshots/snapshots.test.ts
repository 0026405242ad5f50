import { DropletDisk } from '#sandbox/cluster/droplet/droplet-disk';
import { readServerSettings, type SnapshotSettings } from '#sandbox/cluster/k3s/k3s-settings';
import type { SnapshotStore } from '#sandbox/cluster/snapshots/spaces-snapshots';
import { snapshotSaver } from '#sandbox/cluster/snapshots/snapshots';
import { parseUserData } from '#sandbox/cluster/droplet/user-data';
import { newFolder } from '#test/new-folder';
import { plot } from '../droplets';
import { pkiFiles } from '../k3s/pki-files';

/** What k3s is told by the user data of a cluster's servers, which keep three snapshots each. */
async function settingsOf(servers: 1 | 3): Promise<SnapshotSettings> {
  const droplet = plot(await pkiFiles(), 0, servers).server(1);
  const disk = new DropletDisk(newFolder('snapshots'));
  for (const { path, content } of parseUserData(droplet.userData).files) disk.write(path, content);
  disk.write(
    '/etc/rancher/k3s/config.yaml.d/10-node.yaml',
    'node-name: forge-test-server-1-1001\nnode-ip: 10.20.0.1\n',
  );
  const { snapshots } = readServerSettings(disk);
  return snapshots!;
}

describe('the snapshots that stay in Spaces', () => {
  it.each([1, 3] as const)('are the last three of each of %i servers', async (count) => {
    const snapshots = await settingsOf(count);
    let stored: { name: string; modified: Date }[] = [];
    const store: SnapshotStore = {
      list: () => Promise.resolve(stored),
      read: () => Promise.reject(new Error('not asked for')),
      write: (_, name) => Promise.resolve(void stored.push({ name, modified: new Date(stored.length) })),
      remove: (_, name) => Promise.resolve(void (stored = stored.filter((one) => one.name !== name))),
    };
    const servers = Array.from({ length: count }, (_, index) => `server-${index + 1}`).map(
      (nodeName) => ({ nodeName, snapshots, etcd: { snapshot: () => Promise.resolve(Buffer.of()) } }) as never,
    );
    const save = snapshotSaver(store, () => undefined);
    // Their names hold the second.
    let time = 1_795_000_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => (time += 1000));
    for (let round = 0; round < 5; round++) for (const server of servers) await save(server);
    jest.restoreAllMocks();
    const nodes = stored.map(({ name }) => name.replace(/^etcd-snapshot-(.+)-\d+$/, '$1'));
    const kept = Array.from({ length: count }, (_, index) => Array(3).fill(`server-${index + 1}`)).flat();
    expect(nodes.sort()).toEqual(kept);
  });
});
