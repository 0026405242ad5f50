import { sweepCommand } from '#cli/sweep/command';
import { listEnvironment } from '#cli/sweep/kinds';
import { loadConfig } from '#config/load';
import type { Effect } from '#sandbox/cloud/http/faults';
import type { Client } from '#test/sandbox/cloud/digitalocean/client';
import { TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { balancer, droplet, ended, firewall } from '#test/sandbox/cloud/digitalocean/samples';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createBucket, findBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { githubNames, VARIABLES, type GithubNames } from '#stacks/github-secrets/names';
import { refused } from '#test/clients/kubernetes/sample-api';
import { skipPauses } from '#test/skip-pauses';
import {
  GITHUB_TOKEN,
  READER_TOKEN,
  REPO,
  sampleGithub,
  type SampleGithub,
} from '#test/sandbox/cloud/github/sample-github';
import { sampleEnvironment, type SampleEnvironment } from './sample-environment';
import { LONGER, NEIGHBOUR, OURS, THINGS, volume } from './things';

const refusal = (status: number, message: string): Effect => ({ kind: 'error', status, id: 'refused', message });

const DOMAIN = 'forge.example.org';

describe('forge sweep', () => {
  let sample: SampleEnvironment;
  let owner: Client;
  let github: SampleGithub;

  beforeEach(async () => {
    sample = await sampleEnvironment(sweepCommand);
    owner = sample.cloud.api;
    github = await sampleGithub();
    Object.assign(sample.operator.env, { GITHUB_TOKEN, GITHUB_API_URL: github.github.url });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sample.end();
  });

  const run = (...args: string[]) => sample.operator.run(...args);
  const deleteAll = (...more: string[]) => run('--delete', '--confirm', OURS, '--lost-state', ...more);
  const namesOf = async (list: string): Promise<string[]> =>
    (await owner.get(`/v2/${list}?per_page=200`)).map(({ name }: any) => name);
  /** Kind and name of all that is found. */
  const found = async () => {
    const { stdout } = await run('--json');
    const orphans = JSON.parse(stdout) as { found: { kind: string; name: string }[] };
    return orphans.found.map(({ kind, name }) => `${kind} ${name}`);
  };

  it('has nothing to say about an account with other things in it', async () => {
    for (const make of Object.values(THINGS)) await make(owner, 'website');
    expect(await run()).toEqual({ code: 0, output: 'Nothing is left over.\n', stdout: 'Nothing is left over.\n' });
  });

  it.each([
    ['TF_WORKSPACE', 'planted'],
    ['TF_CLI_ARGS_init', '-backend-config=key=planted'],
    ['DIGITALOCEAN_TOKEN', 'dop_v1_a\nplanted'],
    ['SPACES_SECRET_ACCESS_KEY', 'planted\n'],
  ])('looks for nothing and deletes nothing with a %s that leads astray', async (name, value) => {
    const firewall = await THINGS['firewall']!(owner, OURS);
    sample.operator.env[name] = value;
    const { code, output } = await deleteAll();
    expect([code, output]).toEqual([2, expect.stringContaining(name)]);
    expect(output).not.toContain('planted');
    expect(await namesOf('firewalls')).toEqual([firewall]);
  });

  describe('finds', () => {
    it.each(Object.keys(THINGS))('a %s of this environment, and no neighbour’s', async (kind) => {
      for (const environment of [NEIGHBOUR, LONGER]) await THINGS[kind]!(owner, environment);
      expect(await found()).toEqual([]);
      const name = await THINGS[kind]!(owner, OURS);
      expect((await found()).filter((line) => line.startsWith(kind))).toEqual([`${kind} ${name}`]);
    });

    it('a load balancer that the cluster made, by the VPC that it is in', async () => {
      for (const name of [OURS, NEIGHBOUR]) {
        const { id: vpc_uuid } = await owner.post('/v2/vpcs', { name, region: 'fra1' });
        await owner.post('/v2/load_balancers', balancer({ name: `of-${name}`, vpc_uuid }));
      }
      expect(await found()).toEqual([`load balancer of-${OURS}`, `VPC ${OURS}`]);
    });

    it('the names of the tools in the zone, and no other record', async () => {
      await owner.post('/v2/domains', { name: DOMAIN });
      const record = (change: object) =>
        owner.post(`/v2/domains/${DOMAIN}/records`, { type: 'A', data: '192.0.2.1', ttl: 300, ...change });
      const { id } = await record({ name: 'jenkins' });
      await record({ name: 'gitea' });
      await record({ name: 'mail' });
      await record({ name: 'gitea', type: 'TXT', data: 'gitea' });
      await sample.deployed('network', [['digitalocean_record', { id: `${id}` }]]);
      expect(await found()).toEqual([`DNS record gitea.${DOMAIN}`]);
      expect(await deleteAll()).toMatchObject({ code: 0 });
      const left = await owner.get(`/v2/domains/${DOMAIN}/records?per_page=200`);
      expect(left.filter(({ type }: any) => type !== 'NS' && type !== 'SOA').map(({ name }: any) => name)).toEqual([
        'jenkins',
        'mail',
        'gitea',
      ]);
    });

    it('a load balancer that the cluster made, by its tag', async () => {
      await owner.post('/v2/tags', { name: `${OURS}-worker` });
      await owner.post('/v2/load_balancers', balancer({ name: 'a1b2c3', tag: `${OURS}-worker` }));
      expect(await found()).toContain('load balancer a1b2c3');
    });

    it.each([OURS, `${OURS}-server`, `${OURS}-worker`])(
      'what carries %s in other capitals, and the tag',
      async (tag) => {
        const shouted = tag.toUpperCase();
        await volume(owner, 'pvc-1', shouted);
        await volume(owner, 'pvc-2', tag);
        await volume(owner, 'pvc-3', `${shouted}2`);
        expect(await found()).toEqual(['volume pvc-1', 'volume pvc-2', `tag ${shouted}`]);
        expect(await deleteAll()).toMatchObject({ code: 0 });
        expect(await namesOf('volumes')).toEqual(['pvc-3']);
        expect(await namesOf('tags')).toEqual([`${shouted}2`]);
      },
    );

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
        await owner.post('/v2/firewalls', firewall({ name }));
      }
      expect(await found()).toEqual([`firewall ${OURS}-access-20200101T000000Z-00ff00-0f0f`]);
    });

    it('not what Terraform answers for', async () => {
      const { id } = await owner.post('/v2/vpcs', { name: OURS, region: 'fra1' });
      const one = await droplet(owner, { name: 'known', tags: [OURS], vpc_uuid: id });
      await droplet(owner, { name: 'lost', tags: [OURS], vpc_uuid: id });
      const known = { type: 'digitalocean_droplet', id: `${one.id}` };
      await sample.deployed('network', [
        ['digitalocean_vpc', { id }],
        [known.type, { id: known.id }],
      ]);
      expect(await found()).toEqual(['droplet lost']);
    });
  });

  describe('at GitHub', () => {
    const NAMES = githubNames({ name: 'forge', environment: 'production', domain: DOMAIN });
    const OTHER = githubNames({ name: 'forge', environment: 'production-2', domain: `two.${DOMAIN}` });
    const KINDS = ['hooks', 'keys', 'variables'];
    const furnish = async ({ actions, webhookUrl, deployKeyTitle }: GithubNames, key: string) => {
      await github.call('POST', `${REPO}/hooks`, { config: { url: webhookUrl, content_type: 'json' } });
      const keyText = `ssh-ed25519 ${key.repeat(68)}`;
      await github.call('POST', `${REPO}/keys`, { title: deployKeyTitle, key: keyText, read_only: true });
      for (const name of VARIABLES) {
        await github.call('POST', `${REPO}/actions/variables`, { name: actions(name), value: 'x' });
      }
    };
    const counts = () => KINDS.map((kind) => (github.saved()[kind] ?? []).length);

    beforeEach(async () => {
      await furnish(NAMES, 'A');
      await furnish(OTHER, 'B');
    });

    it('finds webhook, deploy key and variables of this environment only, and deletes them', async () => {
      expect(await found()).toEqual([
        `webhook ${NAMES.webhookUrl}`,
        'deploy key Argo CD of forge production',
        ...VARIABLES.map((name) => `variable FORGE_PRODUCTION_${name}`),
      ]);
      expect(await deleteAll()).toMatchObject({ code: 0 });
      expect(counts()).toEqual([1, 1, VARIABLES.length]);
    });

    it('leaves what Terraform answers for', async () => {
      const saved = github.saved() as Record<'hooks' | 'keys', { id: number }[]>;
      await sample.deployed('github-secrets', [
        ['github_repository_webhook', { id: `${saved.hooks[0]!.id}` }],
        ['github_repository_deploy_key', { id: `forge:${saved.keys[0]!.id}` }],
        ...VARIABLES.map((name) => ['github_actions_variable', { id: `forge:${NAMES.actions(name)}` }] as const),
      ]);
      expect(await found()).toEqual([]);
    });

    it('says that it did not look there without a token', async () => {
      delete sample.operator.env['GITHUB_TOKEN'];
      const { code, output } = await deleteAll();
      expect([code, output]).toEqual([0, expect.stringContaining('Nobody looked at GitHub: GITHUB_TOKEN is missing.')]);
      expect(counts()[0]).toBe(2);
    });

    it('deletes nothing with a token that may not see everything', async () => {
      sample.operator.env['GITHUB_TOKEN'] = READER_TOKEN;
      await volume(owner, 'pvc-1');
      const { code, output } = await deleteAll();
      expect([code, output]).toEqual([1, expect.stringContaining('GITHUB_TOKEN lacks the permission')]);
      expect(await namesOf('volumes')).toEqual(['pvc-1']);
    });
  });

  describe('of the buckets', () => {
    const SNAPSHOTS = 'forge-production-etcd-snapshots-bf538a0d';
    const BACKUPS = SNAPSHOTS.replace('etcd-snapshots', 'backups');
    const kept = () => [SNAPSHOTS, BACKUPS].filter((name) => findBucket(sample.operator.spaces.store, name));

    beforeEach(async () => {
      for (const Bucket of [SNAPSHOTS, BACKUPS]) {
        createBucket(sample.operator.spaces.store, Bucket);
        updateBucket(sample.operator.spaces.store, Bucket, { versioning: 'Enabled' });
        await sample.operator.spaces.client().send(new PutObjectCommand({ Bucket, Key: 'one', Body: 'x' }));
      }
    });

    it('finds none by itself', async () => {
      expect(await deleteAll()).toMatchObject({ code: 0, output: expect.stringContaining('Nothing is left over') });
      expect(kept()).toEqual([SNAPSHOTS, BACKUPS]);
    });

    it.each([
      [['--with-snapshots'], SNAPSHOTS, BACKUPS],
      [['--with-backups', OURS], BACKUPS, SNAPSHOTS],
    ])('deletes with %j only what that names', async (flags, gone, left) => {
      expect(await run(...flags)).toMatchObject({ code: 1, output: expect.stringContaining(`bucket  ${gone}`) });
      expect(await deleteAll(...flags)).toMatchObject({ code: 0 });
      expect(kept()).toEqual([left]);
    });

    it('refuses another name', async () => {
      expect(await deleteAll('--with-backups', 'yes')).toMatchObject({ code: 2 });
      expect(kept()).toEqual([SNAPSHOTS, BACKUPS]);
    });

    it.each(['a state has anything', 'a machine runs'])('touches nothing while %s', async (sign) => {
      if (sign === 'a machine runs') await droplet(owner, { name: 'alive', tags: [OURS] });
      else await sample.deployed('network', [['digitalocean_vpc', { id: 'vpc-1' }]]);
      const { code, output } = await deleteAll('--with-snapshots');
      expect([code, output]).toEqual([2, expect.stringContaining('is still there, and needs its snapshots')]);
      expect(kept()).toEqual([SNAPSHOTS, BACKUPS]);
    });
  });

  it('prints kind, name and id, deletes nothing, and exits with 1', async () => {
    await volume(owner, 'pvc-1');
    const [{ id }] = await owner.get('/v2/volumes');
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toBe(
      `volume  pvc-1             ${id}\n` +
        `tag     ${OURS}  ${OURS}\n` +
        '2 left. Delete what nobody needs: npx forge sweep --delete\n',
    );
    expect(await namesOf('volumes')).toEqual(['pvc-1']);
  });

  it('prints only JSON for a program, with the path that deletes each', async () => {
    await volume(owner, 'pvc-1');
    const { code, stdout } = await run('--json');
    const [{ id }] = await owner.get('/v2/volumes');
    expect(code).toBe(1);
    const at = 'DigitalOcean';
    const tag = { at, kind: 'tag', name: OURS, id: OURS, knownAs: OURS, path: `/v2/tags/${OURS}` };
    expect(JSON.parse(stdout)).toEqual({
      found: [{ at, kind: 'volume', name: 'pvc-1', id, knownAs: id, path: `/v2/volumes/${id}` }, tag],
      undecided: [],
      isStateThere: false,
      isAlive: false,
      sawGithub: true,
    });
  });

  describe('asked to delete', () => {
    beforeEach(() => droplet(owner, { name: 'alive', tags: [OURS] }));
    const alive = async () => (await namesOf('droplets')).includes('alive');

    it('wants the name of the environment', async () => {
      await sample.deployed('network', []);
      expect(await run('--delete')).toMatchObject({ code: 2, output: expect.stringContaining(`--confirm ${OURS}`) });
      expect(await run('--delete', '--confirm', NEIGHBOUR)).toMatchObject({ code: 2 });
      expect(await alive()).toBe(true);
      expect(await run('--delete', '--confirm', OURS)).toMatchObject({ code: 0 });
      expect(await alive()).toBe(false);
    });

    it('does not take machines for left over because their state is not where it looks', async () => {
      const { code, output } = await run('--delete', '--confirm', OURS);
      expect([code, output]).toEqual([
        2,
        expect.stringMatching(/1 machines run, and the bucket \S+ has no Terraform state/),
      ]);
      expect(await alive()).toBe(true);
      expect(await run('--delete', '--confirm', OURS, '--lost-state')).toMatchObject({ code: 0 });
    });
  });

  describe('with --delete', () => {
    /** Everything of an environment, one thing in the other. */
    const wholeEnvironment = async (name: string) => {
      for (const [kind, make] of Object.entries(THINGS)) if (kind !== 'VPC' && kind !== 'tag') await make(owner, name);
      const { id: vpc_uuid } = await owner.post('/v2/vpcs', { name, region: 'fra1' });
      const { id: droplet_id } = await droplet(owner, { name: `${name}-member`, tags: [name], vpc_uuid });
      const [{ id: disk }] = await owner.get(`/v2/volumes?name=pvc-${name}`);
      await ended(owner, `/v2/volumes/${disk}/actions`, { type: 'attach', droplet_id });
      const project = (await owner.get('/v2/projects')).find((one: any) => one.name === name);
      await owner.post(`/v2/projects/${project.id}/resources`, { resources: [`do:droplet:${droplet_id}`] });
      await owner.get(`/v2/projects/${project.id}/resources`);
    };

    it('deletes all of it, members before what holds them, and nothing of the neighbour', async () => {
      await wholeEnvironment(OURS);
      await wholeEnvironment(NEIGHBOUR);
      const { code, output } = await deleteAll();
      expect([code, output]).toEqual([0, expect.stringContaining(`Deleted: VPC ${OURS}\n`)]);
      expect(await run()).toMatchObject({ code: 0, output: 'Nothing is left over.\n' });
      const lists = ['droplets', 'volumes', 'vpcs', 'projects', 'firewalls', 'spaces/keys'];
      const left = (await Promise.all(lists.map(namesOf))).flat();
      expect(left.filter((name) => name.includes(OURS) && !name.includes(NEIGHBOUR))).toEqual([]);
      expect(left.filter((name) => name.includes(NEIGHBOUR))).toHaveLength(7);
      const tags = await namesOf('tags');
      expect(tags).toContain(NEIGHBOUR);
      expect(tags).not.toContain(OURS);
    });

    it('goes on past what cannot be deleted, names it with the reason, and is done when it is run again', async () => {
      await droplet(owner, { name: 'stubborn', tags: [OURS] });
      await volume(owner, 'pvc-1');
      sample.cloud.fault('droplet:delete', refusal(422, 'Droplet is locked'));
      const { code, output } = await deleteAll();
      expect(code).toBe(1);
      expect(output).toContain('Deleted: volume pvc-1\n');
      expect(output).toMatch(
        /Not deleted:\n {2}droplet stubborn: .*Droplet is locked.*\nRun this again: npx forge sweep --delete\n$/,
      );
      expect(await namesOf('volumes')).toEqual([]);
      expect(await deleteAll()).toMatchObject({ code: 0 });
      expect(await namesOf('droplets')).toEqual([]);
    });

    it('stops at a token that is not valid any more', async () => {
      await droplet(owner, { tags: [OURS] });
      await volume(owner, 'pvc-1');
      sample.cloud.fault('droplet:delete', refusal(401, 'Unable to authenticate you'));
      const { code, output } = await deleteAll();
      expect([code, output]).toEqual([1, expect.stringContaining('DIGITALOCEAN_TOKEN is not valid any more')]);
      expect(await namesOf('volumes')).toEqual(['pvc-1']);
    });

    it('does not mind that the answer to a deletion was lost', async () => {
      skipPauses();
      await volume(owner, 'pvc-1');
      sample.cloud.fault('block_storage:delete', { kind: 'crash-after' });
      expect(await deleteAll()).toMatchObject({
        code: 0,
        output: expect.stringContaining('Gone already: volume pvc-1'),
      });
    });
  });

  it('deletes nothing when it could not see everything', async () => {
    await volume(owner, 'pvc-1');
    sample.cloud.fault('spaces_key:read', refusal(403, 'You are not authorized'));
    const { code, output } = await deleteAll();
    expect([code, output]).toEqual([1, expect.stringContaining('lacks the scope spaces_key:read')]);
    expect(await namesOf('volumes')).toEqual(['pvc-1']);
  });

  it('shows no token', async () => {
    sample.operator.env['DIGITALOCEAN_TOKEN'] = TOKENS.cluster;
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).not.toContain(TOKENS.cluster);
  });

  describe('beside a running cluster', () => {
    const inUse = async (name: string) => {
      const [{ id }] = await owner.get(`/v2/volumes?name=${name}`);
      return { metadata: { name }, spec: { csi: { volumeHandle: id } } };
    };

    beforeEach(async () => {
      for (const name of ['pvc-used', 'pvc-lost']) await volume(owner, name);
    });

    it('leaves the volumes that it uses', async () => {
      const used = await inUse('pvc-used');
      const { outputs } = await sample.startApi(() => ({ body: { items: [used] } }));
      await sample.deployed('network', [['digitalocean_tag', { id: OURS, name: OURS }]], outputs);
      expect(await found()).toEqual(['volume pvc-lost']);
      expect(await deleteAll()).toMatchObject({ code: 0 });
      expect(await namesOf('volumes')).toEqual(['pvc-used']);
    });

    it('leaves the snapshots and load balancers that it uses', async () => {
      const { id: vpc_uuid } = await owner.post('/v2/vpcs', { name: OURS, region: 'fra1' });
      const ids: Record<string, string> = {};
      for (const name of ['used', 'lost']) {
        ids[name] = (await owner.post('/v2/load_balancers', balancer({ name, vpc_uuid }))).id;
      }
      const annotations = { 'kubernetes.digitalocean.com/load-balancer-id': ids['used'] };
      const { outputs } = await sample.startApi(({ path }) =>
        path === '/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents'
          ? refused(404, 'the server could not find it')
          : { body: { items: path === '/api/v1/services' ? [{ metadata: { annotations } }] : [] } },
      );
      await sample.deployed('network', [['digitalocean_vpc', { id: vpc_uuid }]], outputs);
      expect((await found()).filter((line) => line.startsWith('load'))).toEqual(['load balancer lost']);
    });

    it('leaves all volumes while machines run and no state says how to ask', async () => {
      await droplet(owner, { name: 'alive', tags: [OURS] });
      await sample.deployed('network', []);
      expect(await run('--delete', '--confirm', OURS)).toMatchObject({
        code: 1,
        output: expect.stringContaining('2 left alone'),
      });
      expect(await namesOf('volumes')).toEqual(['pvc-used', 'pvc-lost']);
    });

    it('leaves all volumes while it does not answer, and says how it would', async () => {
      await sample.deployed('network', [['digitalocean_vpc', { id: 'vpc-1' }]]);
      const { code, output } = await deleteAll();
      expect(code).toBe(1);
      expect(output).toMatch(/volume {2}pvc-lost {2}\S+ {2}\(left alone: the cluster does not answer\)/);
      expect(output).toContain('2 left alone: only the cluster knows what it needs');
      expect(output).toContain('npx forge access open');
      expect(await namesOf('volumes')).toEqual(['pvc-used', 'pvc-lost']);
    });

    it('takes them all once there is no environment any more', async () => {
      await sample.deployed('network', []);
      expect(await deleteAll()).toMatchObject({ code: 0 });
      expect(await namesOf('volumes')).toEqual([]);
    });
  });
});
