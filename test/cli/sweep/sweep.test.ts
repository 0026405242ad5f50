import { sweepCommand } from '#cli/sweep/command';
import { listEnvironment } from '#cli/sweep/kinds';
import { loadConfig } from '#config/load';
import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { createTag } from '#sandbox/cloud/account/tags';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { assignResources } from '#sandbox/cloud/account/projects';
import { urn } from '#sandbox/cloud/account/urns';
import { injectFault, type Effect } from '#sandbox/cloud/http/faults';
import { balancer, BALANCER_PLACE, droplet, firewall, TOKENS } from '#test/sandbox/cloud/account/sample-account';
import { sampleEnvironment, type SampleEnvironment } from './sample-environment';
import { LONGER, NEIGHBOUR, OURS, THINGS, volume } from './things';

const refusal = (status: number, message: string): Effect => ({ kind: 'error', status, id: 'refused', message });

describe('forge sweep', () => {
  let sample: SampleEnvironment;

  beforeEach(async () => {
    sample = await sampleEnvironment(sweepCommand);
  });
  afterEach(() => sample.end());

  const run = (...args: string[]) => sample.operator.run(...args);
  const fault = (operation: string, effect: Effect) => injectFault(sample.account.conditions, { operation, effect });
  const volumes = () => sample.account.state.volumes.map(({ name }) => name);
  /** Kind and name of all that is found. */
  const found = async () => {
    const { stdout } = await run('--json');
    const orphans = JSON.parse(stdout) as { found: { kind: string; name: string }[] };
    return orphans.found.map(({ kind, name }) => `${kind} ${name}`);
  };

  it('has nothing to say about an account with other things in it', async () => {
    for (const make of Object.values(THINGS)) await make(sample.owner, 'website');
    expect(await run()).toEqual({ code: 0, output: 'Nothing is left over.\n', stdout: 'Nothing is left over.\n' });
  });

  describe('finds', () => {
    it.each(Object.keys(THINGS))('a %s of this environment, and no neighbour’s', async (kind) => {
      for (const environment of [NEIGHBOUR, LONGER]) await THINGS[kind]!(sample.owner, environment);
      expect(await found()).toEqual([]);
      const name = await THINGS[kind]!(sample.owner, OURS);
      expect((await found()).filter((line) => line.startsWith(kind))).toEqual([`${kind} ${name}`]);
    });

    it('a load balancer that the cluster made, by its tag', async () => {
      await createTag(sample.owner, `${OURS}-worker`);
      await createLoadBalancer(sample.owner, BALANCER_PLACE, balancer({ name: 'a1b2c3', tag: `${OURS}-worker` }));
      expect(await found()).toContain('load balancer a1b2c3');
    });

    it('snapshots of volumes, by their tag', async () => {
      const config = loadConfig(sample.operator.env['FORGE_CONFIG']!);
      const snapshots = [OURS, NEIGHBOUR].map((tag) => ({ id: `of-${tag}`, name: tag, tags: [tag] }));
      const list = (path: string) => Promise.resolve(path === '/v2/snapshots' ? snapshots : []);
      const all = await listEnvironment({ list } as never, config);
      expect(all).toMatchObject([{ kind: 'snapshot', name: OURS, path: `/v2/snapshots/of-${OURS}` }]);
    });

    it('an opening of the API whose time is over, and leaves one that is still needed', async () => {
      for (const year of [2020, 2999]) {
        const name = `${OURS}-access-${year}0101T000000Z-00ff00-0f0f`;
        await createFirewall(sample.owner, firewall({ name }));
      }
      expect(await found()).toEqual([`firewall ${OURS}-access-20200101T000000Z-00ff00-0f0f`]);
    });

    it('not what Terraform answers for', async () => {
      const { id } = await createVpc(sample.owner, { name: OURS, region: 'fra1' });
      const one = await droplet(sample.owner, { name: 'known', tags: [OURS], vpcId: id });
      await droplet(sample.owner, { name: 'lost', tags: [OURS], vpcId: id });
      const known = { type: 'digitalocean_droplet', id: `${one.id}` };
      await sample.deployed('network', [
        ['digitalocean_vpc', { id }],
        [known.type, { id: known.id }],
      ]);
      expect(await found()).toEqual(['droplet lost']);
    });
  });

  it('prints kind, name and id, deletes nothing, and exits with 1', async () => {
    await volume(sample.owner, 'pvc-1');
    const { id } = sample.account.state.volumes[0]!;
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toBe(
      `volume  pvc-1             ${id}\n` +
        `tag     ${OURS}  ${OURS}\n` +
        '2 left. Delete what nobody needs: npx forge sweep --delete\n',
    );
    expect(volumes()).toEqual(['pvc-1']);
  });

  it('prints only JSON for a program, with the path that deletes each', async () => {
    await volume(sample.owner, 'pvc-1');
    const { code, stdout } = await run('--json');
    const { id } = sample.account.state.volumes[0]!;
    expect(code).toBe(1);
    const tag = { kind: 'tag', name: OURS, id: OURS, knownAs: OURS, path: `/v2/tags/${OURS}` };
    expect(JSON.parse(stdout)).toEqual({
      found: [{ kind: 'volume', name: 'pvc-1', id, knownAs: id, path: `/v2/volumes/${id}` }, tag],
      undecided: [],
    });
  });

  describe('with --delete', () => {
    /** Everything of an environment, one thing in the other. */
    const wholeEnvironment = async (name: string) => {
      const { owner } = sample;
      for (const [kind, make] of Object.entries(THINGS)) if (kind !== 'VPC' && kind !== 'tag') await make(owner, name);
      const vpc = await createVpc(owner, { name, region: 'fra1' });
      const member = await droplet(owner, { name: `${name}-member`, tags: [name], vpcId: vpc.id });
      const project = sample.account.state.projects.find((one) => one.name === name)!;
      await assignResources(owner, project.id, [urn.droplet(member.id)]);
      sample.account.state.volumes.find(({ tags }) => tags.includes(name))!.dropletId = member.id;
    };

    it('deletes all of it, members before what holds them, and nothing of the neighbour', async () => {
      await wholeEnvironment(OURS);
      await wholeEnvironment(NEIGHBOUR);
      const { code, output } = await run('--delete');
      expect([code, output]).toEqual([0, expect.stringContaining(`Deleted: VPC ${OURS}\n`)]);
      expect(await run()).toMatchObject({ code: 0, output: 'Nothing is left over.\n' });
      const { droplets, volumes: disks, vpcs, projects, firewalls, spacesKeys, tags } = sample.account.state;
      const left = [droplets, disks, vpcs, projects, firewalls, spacesKeys].map((list) => list.map(({ name }) => name));
      expect(left.flat().filter((name) => name.includes(OURS) && !name.includes(NEIGHBOUR))).toEqual([]);
      expect(left.flat().filter((name) => name.includes(NEIGHBOUR))).toHaveLength(7);
      expect(tags).toContain(NEIGHBOUR);
      expect(tags).not.toContain(OURS);
    });

    it('goes on past what cannot be deleted, names it with the reason, and is done when it is run again', async () => {
      await droplet(sample.owner, { name: 'stubborn', tags: [OURS] });
      await volume(sample.owner, 'pvc-1');
      fault('droplet:delete', refusal(422, 'Droplet is locked'));
      const { code, output } = await run('--delete');
      expect(code).toBe(1);
      expect(output).toContain('Deleted: volume pvc-1\n');
      expect(output).toMatch(
        /Not deleted:\n {2}droplet stubborn: .*Droplet is locked.*\nRun this again: npx forge sweep --delete\n$/,
      );
      expect(volumes()).toEqual([]);
      expect(await run('--delete')).toMatchObject({ code: 0 });
      expect(sample.account.state.droplets).toEqual([]);
    });

    it('stops at a token that is not valid any more', async () => {
      await droplet(sample.owner, { tags: [OURS] });
      await volume(sample.owner, 'pvc-1');
      fault('droplet:delete', refusal(401, 'Unable to authenticate you'));
      const { code, output } = await run('--delete');
      expect([code, output]).toEqual([1, expect.stringContaining('DIGITALOCEAN_TOKEN is not valid any more')]);
      expect(volumes()).toEqual(['pvc-1']);
    });

    it('does not mind that the answer to a deletion was lost', async () => {
      await volume(sample.owner, 'pvc-1');
      fault('block_storage:delete', { kind: 'crash-after' });
      expect(await run('--delete')).toMatchObject({
        code: 0,
        output: expect.stringContaining('Gone already: volume pvc-1'),
      });
    });
  });

  it('deletes nothing when it could not see everything', async () => {
    await volume(sample.owner, 'pvc-1');
    fault('spaces_key:read', refusal(403, 'You are not authorized'));
    const { code, output } = await run('--delete');
    expect([code, output]).toEqual([1, expect.stringContaining('lacks the scope spaces_key:read')]);
    expect(volumes()).toEqual(['pvc-1']);
  });

  it('shows no token', async () => {
    sample.operator.env['DIGITALOCEAN_TOKEN'] = TOKENS.cluster;
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).not.toContain(TOKENS.cluster);
  });

  describe('beside a running cluster', () => {
    const inUse = (name: string) => {
      const { id } = sample.account.state.volumes.find((one) => one.name === name)!;
      return { metadata: { name }, spec: { csi: { volumeHandle: id } } };
    };

    beforeEach(async () => {
      for (const name of ['pvc-used', 'pvc-lost']) await volume(sample.owner, name);
    });

    it('leaves the volumes that it uses', async () => {
      const { outputs } = await sample.startApi(() => ({ body: { items: [inUse('pvc-used')] } }));
      await sample.deployed('network', [['digitalocean_tag', { id: OURS, name: OURS }]], outputs);
      expect(await found()).toEqual(['volume pvc-lost']);
      expect(await run('--delete')).toMatchObject({ code: 0 });
      expect(volumes()).toEqual(['pvc-used']);
    });

    it('leaves all volumes while it does not answer, and says how it would', async () => {
      await sample.deployed('network', [['digitalocean_vpc', { id: 'vpc-1' }]]);
      const { code, output } = await run('--delete');
      expect(code).toBe(1);
      expect(output).toMatch(/volume {2}pvc-lost {2}\S+ {2}\(left alone: the cluster does not answer\)/);
      expect(output).toContain('2 left alone: only the cluster knows what it needs');
      expect(output).toContain('npx forge access open');
      expect(volumes()).toEqual(['pvc-used', 'pvc-lost']);
    });

    it('takes them all once there is no environment any more', async () => {
      await sample.deployed('network', []);
      expect(await run('--delete')).toMatchObject({ code: 0 });
      expect(volumes()).toEqual([]);
    });
  });
});
