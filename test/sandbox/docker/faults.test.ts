/** What goes wrong around a droplet at its first boot: its console shows why, nothing is started, and it goes on by itself. */
import type { Droplet } from './droplet';
import type { Lab } from './lab';
import { tellSideBySide } from './side-by-side';

let lab: Lab;

async function expectReason(droplet: Droplet, ...reasons: readonly string[]): Promise<void> {
  for (const reason of reasons) await droplet.shows(reason);
  expect(await droplet.calls()).toEqual([]);
}

async function fullDiskForK3s(): Promise<void> {
  const server = lab.seed();
  const held = server.hold('download');
  await server.boot('--tmpfs', '/usr/local/bin:exec,mode=755,size=1m');
  await server.reaches(held);
  await server.exec('cat /dev/zero >/usr/local/bin/full');
  held.release();
  await expectReason(server, 'k3s could not be downloaded to a disk of which 100% is in use. Trying again.');
  await server.exec('rm /usr/local/bin/full');
  await server.isNode();
}

async function fullDiskForSettings(): Promise<void> {
  const server = lab.seed();
  const held = server.hold('hostname');
  await server.boot('--tmpfs', '/etc/rancher:mode=755,size=1m');
  await server.reaches(held);
  await server.exec('cat /dev/zero >/etc/rancher/full');
  held.release();
  await expectReason(server, 'No space left on device');
  await server.exec('rm /etc/rancher/full');
  await server.isNode();
}

async function noNames(): Promise<void> {
  const worker = lab.worker();
  worker.meets.api = 'its cluster';
  const held = worker.hold('id');
  await worker.boot('--dns', '127.0.0.1');
  await worker.reaches(held);
  await worker.exec('cp /etc/hosts /root/hosts && echo >/etc/hosts');
  held.release();
  await expectReason(worker, 'Waiting for the network: github.com does not resolve.');
  await worker.exec('cp /root/hosts /etc/hosts');
  await worker.isNode();
}

async function lateMetadata(): Promise<void> {
  const server = lab.seed();
  const held = server.hold('id');
  await server.boot();
  await expectReason(server, 'Waiting for the network: the metadata service does not answer.');
  held.release();
  await server.isNode();
}

async function silentMetadata(): Promise<void> {
  const worker = lab.worker();
  worker.meets.api = 'its cluster';
  const held = worker.hold('hostname');
  await worker.boot();
  await expectReason(worker, 'The metadata service does not tell hostname. Trying again.');
  held.release();
  await worker.isNode();
}

async function slowDownload(): Promise<void> {
  const server = lab.seed();
  server.meets.download = 'slow';
  await server.boot();
  await server.isNode();
  expect(await server.machine.console()).not.toContain('could not be downloaded');
}

async function stalledDownload(): Promise<void> {
  const server = lab.seed();
  const held = server.hold('download');
  await server.boot();
  await expectReason(server, 'Downloading k3s v1.36.4+k3s1.', 'too slow');
  held.release();
  await server.isNode();
}

async function wrongDownload(): Promise<void> {
  const server = lab.seed();
  server.meets.download = 'something else';
  await server.boot();
  await expectReason(server, 'does not have the SHA-256');
  expect((await server.exec('ls /usr/local/bin')).text).not.toContain('k3s');
  server.meets.download = 'k3s';
  await server.isNode();
}

async function foreignBucket(): Promise<void> {
  const server = lab.seed({}, lab.foreignBucket());
  await server.boot();
  await expectReason(
    server,
    'returned error: 403',
    'Not knowing whether there is a snapshot, nothing is started. Trying again.',
  );
}

async function failingSpaces(): Promise<void> {
  const server = lab.seed();
  server.meets.spaces = 503;
  await server.boot();
  await expectReason(
    server,
    'returned error: 503',
    'Not knowing whether there is a snapshot, nothing is started. Trying again.',
  );
  server.meets.spaces = undefined;
  await server.isNode();
}

const stories: Readonly<Record<string, () => Promise<void>>> = {
  'whose disk is full when k3s is downloaded': fullDiskForK3s,
  'whose disk is full when its settings are written': fullDiskForSettings,
  'that cannot resolve names': noNames,
  'whose metadata come late': lateMetadata,
  'whose metadata service falls silent': silentMetadata,
  'that downloads k3s slowly': slowDownload,
  'whose download of k3s stands still': stalledDownload,
  'that gets another file than its k3s': wrongDownload,
  'whose key is not for its bucket (403)': foreignBucket,
  'whose bucket is out of order (503)': failingSpaces,
};

tellSideBySide(
  'a droplet',
  stories,
  (opened) => (lab = opened),
  (story) => story(),
);
