import { accessCommand } from '#cli/access/command';
import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { controlPanel } from '#sandbox/cloud/account/session';
import { injectFault } from '#sandbox/cloud/http/faults';
import { removeSampleSpaces } from '#test/sandbox/cloud/spaces/sample-spaces';
import { firewall, removeSampleAccounts } from '#test/sandbox/cloud/account/sample-account';
import { API_ADDRESS, sampleCluster, type SampleCluster } from './sample-cluster';

const NAME = /^forge-production-access-(\d{8}T\d{6}Z)-[0-9a-f]{6}-[0-9a-f]{4}$/;
const PAST = 'forge-production-access-20200101T000000Z-00ff00-0f0f';
const FUTURE = 'forge-production-access-29990101T000000Z-00ff00-0f0f';

describe('forge access', () => {
  let cluster: SampleCluster;

  beforeEach(async () => {
    cluster = await sampleCluster(accessCommand);
  });
  afterEach(async () => {
    await cluster.close();
    await removeSampleSpaces();
    removeSampleAccounts();
  });

  const run = (...args: string[]) => cluster.operator.run(...args);
  const firewalls = () => cluster.account.state.firewalls;
  const names = () => firewalls().map(({ name }) => name);
  const somebodyElses = (name: string) => createFirewall(controlPanel(cluster.account), firewall({ name }));
  const open = (...args: string[]) => run('open', '--no-wait', ...args);

  it('opens port 6443 of the servers to one address, and nothing else', async () => {
    const { code, output } = await open('--address', '203.0.113.7');
    expect(code).toBe(0);
    const [made, ...others] = firewalls();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ tags: ['forge-production-server'], dropletIds: [], outbound: [] });
    expect(made!.inbound).toEqual([
      {
        protocol: 'tcp',
        ports: '6443',
        peers: { addresses: ['203.0.113.7/32'], tags: [], dropletIds: [], loadBalancerIds: [] },
      },
    ]);
    expect(output).toContain(`id ${made!.id}`);
  });

  it('says in the name until when, an hour unless told otherwise', async () => {
    const minutesLeft = (name: string) => {
      const [, text = ''] = NAME.exec(name) ?? [];
      const iso = text.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
      return Math.round((new Date(iso).getTime() - Date.now()) / 60_000);
    };
    await open();
    await open('--minutes', '5');
    expect(names().map(minutesLeft)).toEqual([60, 5]);
  });

  it('lets in the address that reaches the cluster, where that needs no translation', async () => {
    const { stdout } = await open('--json');
    expect(JSON.parse(stdout)).toMatchObject({ id: firewalls()[0]!.id, address: '127.0.0.1' });
    expect(firewalls()[0]!.inbound[0]!.peers.addresses).toEqual(['127.0.0.1/32']);
  });

  it('fails when the API does not answer in time, and says what to look at', async () => {
    const { code, output } = await run('open', '--wait', '0s');
    expect(code).toBe(1);
    expect(output).toContain(`https://${API_ADDRESS}:6443 did not answer within 0 s`);
    expect(output).toContain('Access, Recovery Console');
    expect(output).toContain('npx forge access close');
    expect(firewalls()).toHaveLength(1);
  });

  it('opens nothing when there is no cluster to reach', async () => {
    await cluster.operator.put('forge/production/network.tfstate', { version: 4, outputs: {} });
    expect(await open('--address', '203.0.113.7')).toMatchObject({ code: 1 });
    expect(firewalls()).toEqual([]);
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
    expect(firewalls()).toEqual([]);
  });

  it('closes what it opened, and can be asked again', async () => {
    await open();
    expect(await run('close')).toMatchObject({ code: 0, output: expect.stringContaining('Closed: 127.0.0.1 until') });
    expect(firewalls()).toEqual([]);
    expect(await run('close')).toMatchObject({ code: 0, output: 'Nothing to close.\n' });
  });

  it('closes what an open left whose answer was lost', async () => {
    injectFault(cluster.account.conditions, { operation: 'firewall:create', effect: { kind: 'crash-after' } });
    expect(await open()).toMatchObject({ code: 1 });
    expect(firewalls()).toHaveLength(1);
    expect(await run('close')).toMatchObject({ code: 0 });
    expect(firewalls()).toEqual([]);
  });

  it('closes without asking for the state, which may be out of reach', async () => {
    await open();
    cluster.operator.env['SPACES_ACCESS_KEY_ID'] = '';
    cluster.operator.env['SPACES_SECRET_ACCESS_KEY'] = '';
    expect(await run('close')).toMatchObject({ code: 0 });
    expect(firewalls()).toEqual([]);
  });

  it('leaves other jobs and people their openings, and names them', async () => {
    const { env } = cluster.operator;
    Object.assign(env, { GITHUB_RUN_ID: '1', GITHUB_JOB: 'cluster' });
    await open();
    Object.assign(env, { GITHUB_RUN_ID: '2', GITHUB_JOB: 'drift' });
    await open();
    const [first] = firewalls();
    const { output } = await run('close');
    expect(firewalls()).toEqual([first]);
    expect(output).toContain(`Still open by others:\n  127.0.0.1 until`);
    expect(output).toContain(first!.id);
  });

  it('closes one by its id, or all', async () => {
    const other = await somebodyElses(FUTURE);
    await somebodyElses(FUTURE.replace('00ff00', '11ff11'));
    await open();
    await run('close', '--id', other.id);
    expect(names()).not.toContain(FUTURE);
    expect(firewalls()).toHaveLength(2);
    await run('close', '--all');
    expect(firewalls()).toEqual([]);
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
    await run('close', '--id', firewalls()[0]!.id);
    expect(names()).toEqual(others);
  });

  it('sweeps what is past its time, at every open as well', async () => {
    await somebodyElses(PAST);
    await somebodyElses(FUTURE);
    expect(await run('sweep')).toMatchObject({ output: expect.stringContaining('Removed: 192.0.2.0/24 until 2020') });
    expect(names()).toEqual([FUTURE]);
    expect(await run('sweep')).toMatchObject({ code: 0, output: 'No opening is past its time.\n' });
    await somebodyElses(PAST);
    const { output } = await open();
    expect(output).toContain('Removed, as its time is over');
    expect(names()).toEqual([FUTURE, expect.stringMatching(NAME)]);
  });

  it('names the scope that the token lacks', async () => {
    cluster.operator.env['DIGITALOCEAN_TOKEN'] = 'dop_v1_cluster';
    const { code, output } = await run('sweep');
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('lacks the scope firewall:read') });
    expect(output).not.toContain('dop_v1_cluster');
  });
});
