import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessCommand } from '#cli/access/command';
import { newFolder } from '#test/new-folder';
import { firewall } from '#test/sandbox/cloud/digitalocean/samples';
import { API_ADDRESS, sampleCluster, type SampleCluster } from './sample-cluster';

const NAME = /^forge-production-access-(\d{8}T\d{6}Z)-[0-9a-f]{6}-[0-9a-f]{4}$/;
const PAST = 'forge-production-access-20200101T000000Z-00ff00-0f0f';
const FUTURE = 'forge-production-access-29990101T000000Z-00ff00-0f0f';

describe('forge access', () => {
  let cluster: SampleCluster;

  beforeEach(async () => {
    cluster = await sampleCluster(accessCommand);
  });

  const run = (...args: string[]) => cluster.operator.run(...args);
  const firewalls = () => cluster.cloud.api.get('/v2/firewalls');
  const names = async () => (await firewalls()).map(({ name }: any) => name);
  const somebodyElses = (name: string) => cluster.cloud.api.post('/v2/firewalls', firewall({ name }));
  const open = (...args: string[]) => run('open', '--no-wait', ...args);

  it('opens port 6443 of the servers to one address, and nothing else', async () => {
    const { code, output } = await open('--address', '203.0.113.7');
    expect(code).toBe(0);
    const [made, ...others] = await firewalls();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ tags: ['forge-production-server'], droplet_ids: [], outbound_rules: [] });
    expect(made.inbound_rules).toEqual([
      { protocol: 'tcp', ports: '6443', sources: { addresses: ['203.0.113.7/32'] } },
    ]);
    expect(output).toContain(`id ${made.id}`);
  });

  it('says in the name until when, an hour unless told otherwise', async () => {
    const minutesLeft = (name: string) => {
      const [, text = ''] = NAME.exec(name) ?? [];
      const iso = text.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
      return Math.round((new Date(iso).getTime() - Date.now()) / 60_000);
    };
    await open();
    await open('--minutes', '5');
    expect((await names()).map(minutesLeft)).toEqual([60, 5]);
  });

  it('lets in the address that reaches the cluster, where that needs no translation', async () => {
    const { stdout } = await open('--json');
    const [{ id, inbound_rules }] = await firewalls();
    expect(JSON.parse(stdout)).toMatchObject({ id, address: '127.0.0.1' });
    expect(inbound_rules).toMatchObject([{ sources: { addresses: ['127.0.0.1/32'] } }]);
  });

  it('has a job of GitHub Actions hide the keys that it reads', async () => {
    const api = await cluster.startApi();
    const key = api.access.clientKey.split('\n').find((line) => /^[\w+/=]{40,}$/.test(line))!;
    expect((await open()).output).not.toContain(key);
    cluster.operator.env['GITHUB_ACTIONS'] = 'true';
    expect((await open()).output).toContain(`::add-mask::${key}\n`);
    await api.close();
  });

  it('fails when the API does not answer in time, and says what to look at', async () => {
    const { code, output } = await run('open', '--wait', '0s');
    expect(code).toBe(1);
    expect(output).toContain(`https://${API_ADDRESS}:6443 did not answer within 0 s`);
    expect(output).toContain('Access, Recovery Console');
    expect(output).toContain('npx forge access close');
    expect(await firewalls()).toHaveLength(1);
  });

  it('opens nothing when there is no cluster to reach', async () => {
    await cluster.operator.put('forge/production/network.tfstate', { version: 4, outputs: {} });
    expect(await open('--address', '203.0.113.7')).toMatchObject({ code: 1 });
    expect(await firewalls()).toEqual([]);
  });

  it.each([
    ['--address', '2001:db8::1'],
    ['--address', '203.0.113.0/24'],
    ['--minutes', '0'],
    ['--minutes', '1441'],
    ['--minutes', '1e2'],
    ['--wait', 'long'],
  ])('refuses %s %s', async (option, value) => {
    expect(await open(option, value)).toMatchObject({ code: 2 });
    expect(await firewalls()).toEqual([]);
  });

  it('closes what it opened, and can be asked again', async () => {
    await open();
    expect(await run('close')).toMatchObject({ code: 0, output: expect.stringContaining('Closed: 127.0.0.1 until') });
    expect(await firewalls()).toEqual([]);
    expect(await run('close')).toMatchObject({ code: 0, output: 'Nothing to close.\n' });
  });

  it('closes what an open left whose answer was lost', async () => {
    cluster.cloud.fault('firewall:create', { kind: 'crash-after' });
    expect(await open()).toMatchObject({ code: 1 });
    expect(await firewalls()).toHaveLength(1);
    expect(await run('close')).toMatchObject({ code: 0 });
    expect(await firewalls()).toEqual([]);
  });

  it('closes without asking for the state, which may be out of reach', async () => {
    await open();
    cluster.operator.env['SPACES_ACCESS_KEY_ID'] = '';
    cluster.operator.env['SPACES_SECRET_ACCESS_KEY'] = '';
    expect(await run('close')).toMatchObject({ code: 0 });
    expect(await firewalls()).toEqual([]);
  });

  it('leaves other jobs and people their openings, and names them', async () => {
    const { env } = cluster.operator;
    Object.assign(env, { GITHUB_RUN_ID: '1', GITHUB_JOB: 'cluster' });
    await open();
    Object.assign(env, { GITHUB_RUN_ID: '2', GITHUB_JOB: 'drift' });
    await open();
    const [first] = await firewalls();
    const { output } = await run('close');
    expect(await firewalls()).toEqual([first]);
    expect(output).toContain(`Still open by others:\n  127.0.0.1 until`);
    expect(output).toContain(first.id);
  });

  describe('around a command', () => {
    it('opens, waits for the API, and closes again', async () => {
      const api = await cluster.startApi();
      const seen = join(newFolder('access'), 'seen');
      const { code, output } = await run('run', '--', 'sh', '-c', `echo "$1" > ${seen}`, 'sh', 'an argument');
      expect([code, output]).toEqual([0, expect.stringMatching(/Open to 127\.0\.0\.1 until .*\nClosed\.\n/s)]);
      expect(readFileSync(seen, 'utf8')).toBe('an argument\n');
      expect(await firewalls()).toEqual([]);
      await api.close();
    });

    it.each([
      ['fails', ['sh', '-c', 'exit 7'], 7],
      ['is not there', ['no-such-program'], undefined],
    ])('closes when the command %s', async (_, command, exitCode) => {
      const api = await cluster.startApi();
      const { code } = await run('run', '--', ...command);
      expect(exitCode === undefined ? code : process.exitCode).toBe(exitCode ?? 1);
      process.exitCode = undefined;
      expect(await firewalls()).toEqual([]);
      await api.close();
    });
  });

  it('says what is open to somebody who closes an id that is not', async () => {
    const other = await somebodyElses(FUTURE);
    const { code, output } = await run('close', '--id', 'no-such-id');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('No opening of this environment has the id no-such-id'),
    ]);
    expect(output).toContain(other.id);
  });

  it('closes one by its id, or all', async () => {
    const other = await somebodyElses(FUTURE);
    await somebodyElses(FUTURE.replace('00ff00', '11ff11'));
    await open();
    await run('close', '--id', other.id);
    expect(await names()).not.toContain(FUTURE);
    expect(await firewalls()).toHaveLength(2);
    await run('close', '--all');
    expect(await firewalls()).toEqual([]);
  });

  it('never touches a firewall that is none of its own', async () => {
    const others = [
      ...[
        'forge-production-servers',
        'forge-production-access-list',
        'other-production-access-20200101T000000Z-00ff00-0f0f',
        'forge-staging-access-20200101T000000Z-00ff00-0f0f',
      ],
      `x-${PAST}`,
      `${PAST}-x`,
    ];
    for (const name of others) await somebodyElses(name);
    await run('sweep');
    await run('close', '--all');
    await run('close', '--id', (await firewalls())[0].id);
    expect(await names()).toEqual(others);
  });

  it('sweeps what is past its time, at every open as well', async () => {
    await somebodyElses(PAST);
    await somebodyElses(FUTURE);
    expect(await run('sweep')).toMatchObject({ output: expect.stringContaining('Removed: 192.0.2.0/24 until 2020') });
    expect(await names()).toEqual([FUTURE]);
    expect(await run('sweep')).toMatchObject({ code: 0, output: 'No opening is past its time.\n' });
    await somebodyElses(PAST);
    const { output } = await open();
    expect(output).toContain('Removed, as its time is over');
    expect(await names()).toEqual([FUTURE, expect.stringMatching(NAME)]);
  });

  it('names the scope that the token lacks', async () => {
    cluster.operator.env['DIGITALOCEAN_TOKEN'] = 'dop_v1_cluster';
    const { code, output } = await run('sweep');
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('lacks the scope firewall:read') });
    expect(output).not.toContain('dop_v1_cluster');
  });
});
