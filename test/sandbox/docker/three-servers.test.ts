/** Three servers and a worker behind a load balancer that delivers packets to its own address, as DigitalOcean's does. */
import { until } from '#clients/until';
import type { Droplet } from './droplet';
import { Lab, LIMIT_MS } from './lab';
import { expectSoundBoot } from './sound-boot';
import { withMachines } from './with-machines';

let lab: Lab;
/** Of the load balancer. */
let address: string;
let bucket: string;
let first: Droplet;
let further: Droplet[];
let worker: Droplet;

const three = () => ({ servers: 3, apiAddress: address }) as const;

/** The load balancer delivers what a droplet sends to this server. */
async function route(from: Droplet, to: Droplet): Promise<void> {
  const done = await from.exec(`ip route replace ${address} via ${to.machine.publicAddress}`);
  expect(done).toMatchObject({ code: 0 });
}

/** Boots it so that it asks nobody before its load balancer leads somewhere. */
async function bootBehind(member: Droplet, droplet: Droplet): Promise<void> {
  const held = droplet.hold('id');
  await droplet.boot();
  await droplet.reaches(held);
  await route(droplet, member);
  held.release();
}

function owned(): string {
  return `ip route show table local | grep --quiet 'local ${address} dev eth0'`;
}

async function expectJoined(server: Droplet): Promise<void> {
  const calls = await server.calls('server');
  expect(calls).toEqual([
    { arguments: ['server'], settings: expect.stringContaining(`server: "https://${address}:6443"`) as string },
  ]);
  expect(calls[0]?.settings).not.toContain('cluster-init');
}

withMachines('three servers and a worker', () => {
  beforeAll(async () => {
    lab = await Lab.open();
    address = lab.cloud.address(1);
    bucket = lab.bucket();
    first = lab.seed(three(), bucket);
    const others = ['forge-test-server-2', 'forge-test-server-3'] as const;
    further = others.map((name) => lab.joiner(bucket, { ...three(), name }));
    worker = lab.worker({ apiAddress: address });
  }, LIMIT_MS);
  afterAll(() => lab.close(), LIMIT_MS);

  it(
    'become a cluster when the first server is ready and not before',
    async () => {
      const held = first.hold('ready');
      await first.boot();
      await Promise.all([...further, worker].map((droplet) => bootBehind(first, droplet)));
      await first.reaches(held);
      await Promise.all(further.map((server) => server.shows(`Waiting for the cluster at https://${address}:6443`)));
      await worker.shows('Waiting until all servers run at least k3s');
      expect((await first.exec('ss --listening --no-header "sport = 6443"')).text).toContain(':6443');
      expect((await first.exec(owned())).code).toBe(1);
      for (const droplet of [...further, worker]) expect(await droplet.calls()).toEqual([]);

      held.release();
      await Promise.all([first, ...further, worker].map((droplet) => droplet.isNode()));
      await Promise.all([first, ...further, worker].map(expectSoundBoot));
      await Promise.all(further.map(expectJoined));
      expect((await worker.calls('agent'))[0]?.settings).toContain(`server: "https://${address}:6443"`);
    },
    LIMIT_MS,
  );

  it('take requests as long as their k3s is ready', async () => {
    for (const server of [first, ...further]) {
      expect((await server.exec(owned())).code).toBe(0);
      await server.exec('systemctl stop k3s.service');
      expect((await server.exec(owned())).code).toBe(1);
      await server.exec('systemctl start k3s.service');
      expect((await server.exec(owned())).code).toBe(0);
    }
    expect((await worker.exec(owned())).code).toBe(1);
  });

  it('leave a sign of life each', async () => {
    const signs = [first, ...further].map(({ order }) => `forge-test/.alive/${order.name}-${order.id}`);
    await until(() => lab.keys(bucket).length === signs.length, { every: 500, what: 'a sign of each' });
    expect(lab.keys(bucket).sort()).toEqual(signs.sort());
  });

  it(
    'take the first one in again when it was lost: it joins, and starts nothing beside them',
    async () => {
      await first.machine.destroy();
      const again = lab.seed(three(), bucket);
      await bootBehind(further[0]!, again);
      await again.isNode();
      await expectJoined(again);
      await expectSoundBoot(again);
      expect((await again.exec(owned())).code).toBe(0);
      expect((await again.exec('ls /var/lib/rancher/k3s/server/tls')).code).toBe(2);
    },
    LIMIT_MS,
  );
});
