/** What goes wrong around a droplet at its first boot: its console shows why, nothing is started, and it goes on by itself. */
import type { Droplet } from './droplet';
import type { Lab } from './lab';
import { tellSideBySide } from './side-by-side';
import type { Step } from './surroundings';

let lab: Lab;

async function expectReason(droplet: Droplet, ...reasons: readonly string[]): Promise<void> {
  for (const reason of reasons) await droplet.shows(reason);
  expect(await droplet.calls()).toEqual([]);
}

/** It gets no answer at a step until its console has shown why it waits. */
async function waits(droplet: Droplet, step: Step, ...reasons: readonly string[]): Promise<void> {
  const held = droplet.hold(step);
  await droplet.boot();
  await expectReason(droplet, ...reasons);
  held.release();
  await droplet.isNode();
}

interface Fault {
  /** What `docker run` is told besides. */
  readonly boot: readonly string[];
  readonly step: Step;
  readonly command: string;
  readonly repair: string;
  readonly reason: string;
}

/** Something breaks while it is held at a step, and is repaired when its console has shown the reason. */
async function breaks(droplet: Droplet, { boot, step, command, repair, reason }: Fault): Promise<void> {
  const held = droplet.hold(step);
  await droplet.boot(...boot);
  await droplet.reaches(held);
  await droplet.exec(command);
  held.release();
  await expectReason(droplet, reason);
  await droplet.exec(repair);
  await droplet.isNode();
}

/** The disk behind a folder, which is small. */
const fullDisk = (folder: string, step: Step, reason: string): Fault => ({
  boot: ['--tmpfs', `${folder}:exec,mode=755,size=1m`],
  step,
  command: `cat /dev/zero >${folder}/full`,
  repair: `rm ${folder}/full`,
  reason,
});
const fullForK3s = 'k3s could not be downloaded to a disk of which 100% is in use. Trying again.';
const fullForSettings = 'No space left on device';

const noNames: Fault = {
  boot: ['--dns', '127.0.0.1'],
  step: 'id',
  command: 'cp /etc/hosts /root/hosts && echo >/etc/hosts',
  repair: 'cp /root/hosts /etc/hosts',
  reason: 'Waiting for the network: github.com does not resolve.',
};

function worker(): Droplet {
  const droplet = lab.worker();
  droplet.meets.api = 'its cluster';
  return droplet;
}

async function slowDownload(): Promise<void> {
  const server = lab.seed();
  server.meets.download = 'slow';
  await server.boot();
  await server.isNode();
  expect(await server.machine.console()).not.toContain('could not be downloaded');
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

async function refusedBySpaces(server: Droplet, status: number): Promise<void> {
  await server.boot();
  const waiting = 'Not knowing whether there is a snapshot, nothing is started. Trying again.';
  await expectReason(server, `returned error: ${status}`, waiting);
}

async function failingSpaces(): Promise<void> {
  const server = lab.seed();
  server.meets.spaces = 503;
  await refusedBySpaces(server, 503);
  server.meets.spaces = undefined;
  await server.isNode();
}

const noMetadata = 'Waiting for the network: the metadata service does not answer.';
const noHostname = 'The metadata service does not tell hostname. Trying again.';

const stories: Readonly<Record<string, () => Promise<void>>> = {
  'whose disk is full when k3s is downloaded': () =>
    breaks(lab.seed(), fullDisk('/usr/local/bin', 'download', fullForK3s)),
  'whose disk is full when its settings are written': () =>
    breaks(lab.seed(), fullDisk('/etc/rancher', 'hostname', fullForSettings)),
  'that cannot resolve names': () => breaks(worker(), noNames),
  'whose metadata come late': () => waits(lab.seed(), 'id', noMetadata),
  'whose metadata service falls silent': () => waits(worker(), 'hostname', noHostname),
  'that downloads k3s slowly': slowDownload,
  'whose download of k3s stands still': () =>
    waits(lab.seed(), 'download', 'Downloading k3s v1.36.4+k3s1.', 'too slow'),
  'that gets another file than its k3s': wrongDownload,
  'whose key is not for its bucket (403)': () => refusedBySpaces(lab.seed({}, lab.foreignBucket()), 403),
  'whose bucket is out of order (503)': failingSpaces,
};

tellSideBySide(
  'a droplet',
  stories,
  (opened) => (lab = opened),
  (story) => story(),
);
