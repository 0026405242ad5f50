/** How the first server gets its cluster: it joins, restores, starts a new one, or starts nothing as long as it cannot know. */
import { SNAPSHOT, type Lab } from './lab';
import { tellSideBySide } from './side-by-side';
import type { Droplet } from './droplet';

const RESTORE = ['server', '--cluster-reset', `--cluster-reset-restore-path=${SNAPSHOT}`];
const lived = () => lab.bucket(`forge-test/${SNAPSHOT}`);

let lab: Lab;

async function startsOf(server: Droplet): Promise<unknown> {
  return (await server.calls('server')).map((call) => call.arguments);
}

async function join(): Promise<void> {
  const server = lab.seed({}, lived());
  server.meets.api = 'its cluster';
  await server.boot();
  await server.isNode();
  expect(await server.calls('server')).toEqual([
    {
      arguments: ['server'],
      settings: expect.stringContaining(`server: "https://${lab.cloud.gateway}:6443"`) as string,
    },
  ]);
  // k3s fetches the cluster's. Its own, which are newer, would be fatal.
  expect((await server.exec('ls /var/lib/rancher/k3s/server/tls')).code).toBe(2);
}

async function restore(): Promise<void> {
  const server = await lab.seed({}, lived()).boot();
  await server.isNode();
  expect(await startsOf(server)).toEqual([RESTORE, ['server']]);
}

async function startNew(): Promise<void> {
  const server = await lab.seed().boot();
  await server.isNode();
  expect(await server.calls('server')).toEqual([
    { arguments: ['server'], settings: expect.stringContaining('cluster-init: true') as string },
  ]);
}

async function startNewOnceMore(): Promise<void> {
  const server = lab.seed();
  server.meets.deadly = 'start';
  await server.boot();
  await server.shows('containerd exited');
  server.meets.deadly = undefined;
  await server.isNode();
  expect(await server.machine.console()).toContain(
    'The first start of this new cluster was cut off: once more from the start.',
  );
}

async function refuseBesideALivingServer(): Promise<void> {
  const bucket = lab.bucket('forge-test/.alive/forge-test-server-2-42');
  const server = await lab.seed({}, bucket).boot();
  await server.shows('forge-test-server-2-42 left a sign of life');
  await server.shows('Nothing is started beside it. Trying again.');
  expect(await server.calls()).toEqual([]);
}

async function refuseBesideAnotherCluster(): Promise<void> {
  const server = lab.seed({}, lived());
  server.meets.api = 'another cluster';
  await server.boot();
  await server.shows('belongs to another cluster: its certificate authority is not ours.');
  expect(await server.calls()).toEqual([]);
  server.meets.api = 'its cluster';
  await server.isNode();
  expect(await startsOf(server)).toEqual([['server']]);
}

async function waitForAClusterThatStarts(): Promise<void> {
  const server = lab.seed({}, lived());
  server.meets.api = 503;
  await server.boot();
  await server.shows('answers with an error: it may be starting.');
  expect(await server.calls()).toEqual([]);
  server.meets.api = 'nobody';
  await server.isNode();
  expect(await startsOf(server)).toEqual([RESTORE, ['server']]);
}

const stories: Readonly<Record<string, () => Promise<void>>> = {
  'joins its cluster when that answers, although there are snapshots': join,
  'restores the newest snapshot when nobody answers, and then starts': restore,
  'starts a new cluster when nobody answers and there is no snapshot': startNew,
  'begins the new cluster once more when its first k3s dies before it is ready': startNewOnceMore,
  'starts nothing beside a server that leaves signs of life': refuseBesideALivingServer,
  'starts nothing beside another cluster at its address, and joins its own when that answers':
    refuseBesideAnotherCluster,
  'starts nothing beside an API that answers with an error, and restores when that is gone': waitForAClusterThatStarts,
};

tellSideBySide(
  'the first server',
  stories,
  (opened) => (lab = opened),
  (story) => story(),
);
