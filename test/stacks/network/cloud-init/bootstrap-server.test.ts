import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { serverUserData } from '#stacks/network/cloud-init/render';
import { boot, directives } from './boot';
import { machine, type Machine, type Run } from './machine';
import { listOf, signsOf } from './object-lists';
import { k3sBinary } from './stubs';
import { joinerProps, joinToken, pemOf, pki, secrets, seedProps } from './user-data-samples';

const k3s = { version: 'v1.36.4+k3s1', sha256: createHash('sha256').update(k3sBinary).digest('hex') };
const seedData = serverUserData(seedProps({ k3s }));
const seedOfThree = serverUserData(seedProps({ k3s, servers: 3 }));
const joinerData = serverUserData(joinerProps({ k3s }));
const TLS = '/var/lib/rancher/k3s/server/tls';
const ETCD = '/var/lib/rancher/k3s/server/db/etcd/member';
const CLUSTER = '/etc/rancher/k3s/config.yaml.d/20-cluster.yaml';
const DECIDED = '/var/lib/forge/bootstrapped';
const RESTORE = 'k3s server --cluster-reset --cluster-reset-restore-path=';

const api = pemOf('server-ca.crt');
const snapshots = listOf(['older', '2026-11-20T06:00:00.000Z'], ['newest', '2026-11-20T12:00:00.000Z']);
/** What a first boot of a new environment meets, apart from the changes. */
const emptyWorld = {
  'metadata-id': '412345678',
  'metadata-hostname': 'forge-test-server-1',
  'metadata-interfaces-private-0-ipv4-address': '10.110.0.2',
  interface: 'eth1',
  k3s: k3sBinary,
  spaces: listOf(),
  'spaces-signs': signsOf(),
  'spaces-time': 'Fri, 20 Nov 2026 18:00:00 GMT',
};
const sign = (time: string) => ({ 'spaces-signs': signsOf(['server-2-42', `2026-11-20T${time}.000Z`]) });

let server: Machine;

function start(userData: string, world: Readonly<Record<string, string | undefined>> = {}): void {
  server = machine(userData);
  server.world({ ...emptyWorld, ...world });
}

function bootServer(): Promise<Run> {
  return boot(server, 'k3s.service');
}

function restores(): string[] {
  return server.calls().filter((call) => call.startsWith(RESTORE));
}

function expectJoined(): void {
  expect(parse(server.read(CLUSTER))).toEqual({ server: 'https://203.0.113.10:6443', token: joinToken });
  expect(server.has(TLS)).toBe(false);
  expect(restores()).toEqual([]);
}

function expectPki(): void {
  expect(server.filesIn(TLS).sort()).toEqual(pki.map((file) => file.path).sort());
  for (const { path, pem } of pki) expect(server.read(`${TLS}/${path}`)).toBe(pem);
}

function expectRestored(): void {
  expectPki();
  expect(restores().at(-1)).toBe(`${RESTORE}newest`);
  expect(server.has(`${ETCD}/snap`)).toBe(true);
  expect(server.has(CLUSTER)).toBe(false);
  expect(server.has('/var/lib/forge/restoring')).toBe(false);
}

function expectStartedNew(): void {
  expect(parse(server.read(CLUSTER))).toEqual({ 'cluster-init': true });
  expectPki();
  expect(restores()).toEqual([]);
}

function expectUndecided(): void {
  expect(server.has(CLUSTER)).toBe(false);
  expect(server.has(DECIDED)).toBe(false);
  expect(restores()).toEqual([]);
  expect(server.calls()).not.toContain('k3s server');
}

describe('the first server', () => {
  it('joins the cluster that answers, with nothing of its own PKI in the way', async () => {
    start(seedData, { api, spaces: snapshots });
    expect(await bootServer()).toMatchObject({ code: 0 });
    expectJoined();
    expect(server.mode(CLUSTER)).toBe(0o600);
  });

  it('restores the newest snapshot when no cluster answers, and then starts as usual', async () => {
    start(seedData, { spaces: snapshots });
    const { code, log } = await bootServer();
    expect(code).toBe(0);
    expect(log).toContain('Restoring the snapshot newest.');
    expectRestored();
    expect(server.calls().at(-1)).toBe('k3s server');
  });

  it('starts a new cluster with its PKI when there is neither a cluster nor a snapshot', async () => {
    start(seedData);
    const { code, log } = await bootServer();
    expect(code).toBe(0);
    expect(log).toContain('No cluster answers and there is no snapshot: starting a new cluster.');
    expectStartedNew();
    expect(server.calls().at(-1)).toBe('k3s server');
  });

  it('begins a new cluster from nothing until k3s was ready once, and never after that', async () => {
    start(seedData);
    await bootServer();
    const unit = server.read('/etc/systemd/system/k3s.service');
    const [begin = ''] = directives(unit, 'ExecStartPre').filter((command) => command.includes('found-cluster'));
    const [finish = ''] = directives(unit, 'ExecStartPost');
    server.makeFolder(`${ETCD}/wal`);
    expect((await server.run(begin)).log).toContain('once more from the start');
    expect(server.has(ETCD)).toBe(false);

    server.makeFolder(`${ETCD}/wal`);
    await server.run(finish);
    expect(await server.run(begin)).toEqual({ code: 0, log: '' });
    expect(server.has(ETCD)).toBe(true);
  });

  describe('of a new cluster', () => {
    const CLOSED = 'INPUT ! --in-interface lo --protocol tcp --dport 6443 --jump REJECT --reject-with tcp-reset\n';
    const RIGHTS = 'create clusterrolebinding forge-administrator --clusterrole=cluster-admin --user=forge:admin-1';
    const commands = (directive: string) =>
      directives(server.read('/etc/systemd/system/k3s.service'), directive).find((one) =>
        one.includes('found-cluster'),
      )!;
    const rules = () => server.read('../world/rules').replace(/.*169.*\n/, '');

    beforeEach(async () => {
      start(seedData);
      await bootServer();
    });

    it('lets nobody outside reach the API before the administrator has rights', async () => {
      for (let attempt = 0; attempt < 2; attempt++) await server.run(commands('ExecStartPre'));
      expect(rules()).toBe(CLOSED);
      expect(await server.run(commands('ExecStartPost'))).toMatchObject({ code: 0 });
      expect(rules()).toBe('');
      const calls = server.calls();
      const [given, opened] = [RIGHTS, `--delete ${CLOSED.trim()}`].map((end) =>
        calls.findIndex((call) => call.endsWith(end)),
      );
      expect(given).toBeGreaterThan(0);
      expect(opened).toBeGreaterThan(given!);
    });

    it('stays closed, and is founded once more, when the rights cannot be given', async () => {
      await server.run(commands('ExecStartPre'));
      server.world({ 'kubectl-fails': '' });
      expect(await server.run(commands('ExecStartPost'))).toMatchObject({
        code: 1,
        log: expect.stringContaining('Founding the cluster once more.'),
      });
      expect(rules()).toBe(CLOSED);
      server.makeFolder(`${ETCD}/wal`);
      await server.run(commands('ExecStartPre'));
      expect(server.has(ETCD)).toBe(false);
    });
  });

  it('gives a cluster that has snapshots time to answer before it restores one', async () => {
    start(seedData, { api, 'api-after': '5', spaces: snapshots });
    expect(await bootServer()).toMatchObject({ code: 0 });
    expectJoined();
  });

  it('starts nothing while Spaces cannot be listed, and tries again', async () => {
    start(seedData, { spaces: undefined });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, log } = await bootServer();
      expect(code).toBe(1);
      expect(log).toContain('Not knowing whether there is a snapshot, nothing is started. Trying again.');
      expectUndecided();
    }
    server.world({ spaces: snapshots });
    await bootServer();
    expectRestored();
  });

  it.each([
    ['for one server that has snapshots', seedData, { spaces: snapshots }],
    ['for one server without any yet', seedData, {}],
    ['for one of three', seedOfThree, { spaces: snapshots }],
  ])('starts nothing beside a cluster that lives, although its address is dead: %s', async (_, userData, world) => {
    start(userData, { ...world, ...sign('17:45:01') });
    const { code, log } = await bootServer();
    expect(code).toBe(1);
    expect(log).toContain(
      'server-2-42 left a sign of life 899 s ago; it counts for 900 s. Nothing is started beside it. Trying again.',
    );
    expectUndecided();
    server.world(sign('17:45:00'));
    expect(await bootServer()).toMatchObject({ code: 0 });
    if ('spaces' in world) expectRestored();
    else expectStartedNew();
  });

  it('starts nothing while it cannot know whether a server lives', async () => {
    start(seedData, { 'spaces-signs': undefined });
    const { code, log } = await bootServer();
    expect(code).toBe(1);
    expect(log).toContain('Not knowing whether a server lives, nothing is started. Trying again.');
    expectUndecided();
  });

  it.each([
    ['belongs to another cluster', { api: pemOf('client-ca.crt') }, 'its certificate authority is not ours'],
    ['answers with an error', { 'api-code': '22' }, 'answers with an error: it may be starting'],
  ])('starts nothing beside an API that %s, and asks it as long as it does', async (_, world, message) => {
    start(seedData, { ...world, spaces: snapshots });
    const { code, log } = await bootServer();
    expect(code).toBeUndefined();
    expect(log).toContain(message);
    expect(log).toContain('Nothing is started beside it. Asking again.');
    expectUndecided();
  });

  it('takes a load balancer without servers, which hangs up, for no answer', async () => {
    start(seedData, { 'api-code': '35' });
    expect(await bootServer()).toMatchObject({ code: 0 });
    expectStartedNew();
  });

  it('says how to go on when a snapshot cannot be restored, and tries again', async () => {
    start(seedData, { spaces: snapshots, 'k3s-fails': '' });
    const { code, log } = await bootServer();
    expect(code).toBe(1);
    expect(log).toContain(
      'k3s could not restore newest. Trying again; to use the one before it, remove it from Spaces.',
    );
    expect(server.calls()).not.toContain('k3s server');
    server.world({ 'k3s-fails': undefined });
    expect((await bootServer()).log).toContain('The restore of newest was interrupted: once more from the start.');
    expectRestored();
  });

  it('does not take the word of a restore that left no data', async () => {
    start(seedData, { spaces: snapshots, 'k3s-restores-nothing': '' });
    const { code, log } = await bootServer();
    expect(code).toBe(1);
    expect(log).toContain('there is no etcd data. Trying again.');
    expect(server.calls()).not.toContain('k3s server');
  });

  it('has nothing to decide with etcd data, be it without a mark of the decision', async () => {
    start(seedData);
    await bootServer();
    server.makeFolder(`${ETCD}/wal`);
    server.remove(DECIDED);
    server.remove(CLUSTER);
    server.world({ api, spaces: snapshots });
    const { code, log } = await bootServer();
    expect(code).toBe(0);
    expect(log).toContain('This server has its etcd data: nothing to decide.');
    expect(server.has(CLUSTER)).toBe(false);
    expect(restores()).toEqual([]);
  });

  it('decides once: a later boot starts k3s at once', async () => {
    start(seedData);
    await bootServer();
    const before = server.calls().length;
    server.world({ api, spaces: undefined });
    await bootServer();
    expect(
      server
        .calls()
        .slice(before)
        .filter((call) => !call.startsWith('iptables ')),
    ).toEqual(['k3s server']);
    expectStartedNew();
  });

  it('starts nothing with a PKI that is not complete', async () => {
    start(seedData);
    server.remove(`${TLS}/etcd/peer-ca.key`);
    const { code, log } = await bootServer();
    expect(code).toBe(1);
    expect(log).toContain('has 10 files instead of 11');
    expectUndecided();
  });

  it('shows no secret to other processes and leaves none in an open file', async () => {
    for (const world of [{ api }, { spaces: snapshots }, {}]) {
      start(seedData, world);
      await bootServer();
      const calls = server.calls().join('\n');
      for (const secret of [...Object.values(secrets), joinToken]) expect(calls).not.toContain(secret);
    }
    expect(server.mode(`${TLS}/server-ca.key`)).toBe(0o600);
  });
});

describe('a further server', () => {
  it('waits for the cluster, says so, and joins it', async () => {
    start(joinerData, { api, 'api-after': '5' });
    const { code, log } = await bootServer();
    expect(code).toBe(0);
    expect(log).toContain('Waiting for the cluster at https://203.0.113.10:6443 to join it (attempt 5).');
    expect(log).not.toContain('attempt 6');
    expect(server.calls().at(-1)).toBe('k3s server');
  });

  it.each([
    ['nobody answers', {}],
    ['there are snapshots', { spaces: snapshots }],
    ['another cluster answers', { api: pemOf('client-ca.crt') }],
  ])('never starts or restores a cluster, however long it waits: %s', async (_, world) => {
    start(joinerData, world);
    expect((await bootServer()).code).not.toBe(0);
    expectUndecided();
    expect(server.calls().join()).not.toContain('https://fra1.digitaloceanspaces.com');
  });
});

describe('forge-bootstrap.service', () => {
  it('is tried again for ever when it fails, and starts k3s when it is done', () => {
    start(seedData);
    const unit = server.read('/etc/systemd/system/forge-bootstrap.service');
    expect(directives(unit, 'Restart')).toEqual(['on-failure']);
    expect(directives(unit, 'StartLimitIntervalSec')).toEqual(['0']);
    expect(directives(unit, 'ExecStartPost')).toEqual(['/usr/bin/systemctl --no-block start k3s.service']);
  });
});

describe('a server that loses power while it decides', () => {
  const decide = '/usr/local/lib/forge/bootstrap-server.sh';
  const switchOn = async (world: Readonly<Record<string, string>>): Promise<Run> => {
    start(seedData, world);
    server.write('/usr/local/bin/k3s', k3sBinary, 0o755);
    return server.run(decide);
  };

  it.each([
    ['join', { api, spaces: snapshots }, expectJoined],
    ['restore', { spaces: snapshots }, expectRestored],
    ['start new', {}, expectStartedNew],
  ])(
    'goes on at the next boot, before whichever change it was: %s',
    async (_, world, expectOutcome) => {
      await switchOn(world);
      const changes = server.calls().flatMap((call, index) => (/^(curl|sleep) /.test(call) ? [] : [index + 1]));
      expect(changes.length).toBeGreaterThan(3);
      for (const step of changes) {
        expect(await switchOn({ ...world, 'crash-at': `${step}` })).toMatchObject({ code: undefined });
        server.world({ 'crash-at': undefined });
        expect(await server.run(decide)).toMatchObject({ code: 0 });
        expectOutcome();
      }
    },
    60_000,
  );

  it('decides anew at the next boot: what answered before may be gone', async () => {
    await switchOn({ api });
    expectJoined();
    server.world({ api: undefined });
    await server.run(decide);
    expectStartedNew();
    server.world({ api });
    await server.run(decide);
    expectJoined();
    server.world({ api: undefined, spaces: snapshots });
    await server.run(decide);
    expectRestored();
  });
});
