/** The power of a droplet fails in the middle of each step of its first boot, and comes back: it becomes a node after all. */
import type { Droplet } from './droplet';
import { SNAPSHOT, type Lab } from './lab';
import { tellSideBySide } from './side-by-side';
import { expectSoundBoot } from './sound-boot';
import type { Hold } from './surroundings';

const TLS = '/var/lib/rancher/k3s/server/tls';

interface Story {
  readonly droplet: () => Droplet;
  readonly hold: (droplet: Droplet) => Hold;
  readonly outcome: (droplet: Droplet) => Promise<void>;
}

let lab: Lab;

async function expectNew(server: Droplet): Promise<void> {
  const calls = await server.calls('server');
  expect(calls.at(-1)).toEqual({
    arguments: ['server'],
    settings: expect.stringContaining('cluster-init: true') as string,
  });
  expect(calls.flatMap((call) => call.arguments)).not.toContain('--cluster-reset');
  await expectPki(server);
}

async function expectPki(server: Droplet): Promise<void> {
  const { text } = await server.exec(`cd ${TLS} && find . -type f -size +100c -perm 600 | wc -l; ls -d ${TLS}*`);
  expect(text.trim().split('\n')).toEqual(['11', TLS]);
}

async function expectJoined(server: Droplet): Promise<void> {
  const calls = await server.calls('server');
  const settings = calls.at(-1)?.settings;
  expect(settings).toContain(`server: "https://${lab.cloud.gateway}:6443"\ntoken: "K10`);
  expect(settings).not.toContain('cluster-init');
  expect(calls.flatMap((call) => call.arguments)).not.toContain('--cluster-reset');
}

async function expectRestored(server: Droplet): Promise<void> {
  const restore = ['server', '--cluster-reset', `--cluster-reset-restore-path=${SNAPSHOT}`];
  const starts = (await server.calls('server')).map((call) => call.arguments);
  expect(starts).toEqual([restore, restore, ['server']]);
  expect(await server.machine.console()).toContain(
    `The restore of ${SNAPSHOT} was interrupted: once more from the start.`,
  );
  await expectPki(server);
}

async function expectWorker(worker: Droplet): Promise<void> {
  expect((await worker.calls('agent')).at(-1)?.settings).toContain(
    `node-name: forge-test-general-g1-1-${worker.order.id}\n`,
  );
}

const first = () => lab.seed();
const replacement = () => meeting('its cluster', lab.seed());
const further = () => meeting('its cluster', lab.joiner(lab.bucket()));
const worker = () => meeting('its cluster', lab.worker());

function meeting(api: 'its cluster', droplet: Droplet): Droplet {
  droplet.meets.api = api;
  return droplet;
}

const stories: Readonly<Record<string, Story>> = {
  'is prepared by cloud-init': { droplet: first, hold: (it) => it.holdProgram('systemctl'), outcome: expectNew },
  'waits for the network': { droplet: first, hold: (it) => it.hold('id'), outcome: expectNew },
  'downloads k3s': { droplet: first, hold: (it) => it.hold('download'), outcome: expectNew },
  'asks for its own address': { droplet: worker, hold: (it) => it.hold('hostname'), outcome: expectWorker },
  'writes the settings of its node': {
    droplet: worker,
    hold: (it) => it.holdBefore('mv "$settings.new"'),
    outcome: expectWorker,
  },
  'waits for the servers as a worker': { droplet: worker, hold: (it) => it.hold('api'), outcome: expectWorker },
  'asks whether its cluster answers': { droplet: first, hold: (it) => it.hold('api'), outcome: expectNew },
  'puts its authorities aside': { droplet: first, hold: (it) => it.holdBefore('mv "$server/tls"'), outcome: expectNew },
  'takes its authorities back': {
    droplet: first,
    hold: (it) => it.holdBefore('mv "$server/tls.new"'),
    outcome: expectNew,
  },
  'starts a new cluster': { droplet: first, hold: (it) => it.hold('start'), outcome: expectNew },
  'has started a new cluster and is not ready': { droplet: first, hold: (it) => it.hold('ready'), outcome: expectNew },
  'restores a snapshot': {
    droplet: () => lab.seed({}, lab.bucket(`forge-test/${SNAPSHOT}`)),
    hold: (it) => it.hold('restore'),
    outcome: expectRestored,
  },
  'is told to join, as the first server made again': {
    droplet: replacement,
    hold: (it) => it.holdBefore('write_cluster_settings'),
    outcome: expectJoined,
  },
  'asks for the cluster to join': { droplet: further, hold: (it) => it.hold('api'), outcome: expectJoined },
  'joins for the first time': { droplet: further, hold: (it) => it.hold('start'), outcome: expectJoined },
};

async function play({ droplet, hold, outcome }: Story): Promise<void> {
  const it = droplet();
  const held = hold(it);
  await it.boot();
  await it.reaches(held);
  await it.losePower();
  await it.isNode();
  await expectSoundBoot(it);
  await outcome(it);
}

tellSideBySide('a droplet whose power fails while it', stories, (opened) => (lab = opened), play);
