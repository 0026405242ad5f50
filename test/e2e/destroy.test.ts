/**
 * The end of an environment, and what must not end with it.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { askDaemon } from '#sandbox/daemon/control';
import { publishCheckout } from '#sandbox/up';
import { STACKS } from '#stacks/stack-names';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

jest.setTimeout(400_000);

const KINDS = ['droplets', 'vpcs', 'firewalls', 'load_balancers', 'reserved_ips', 'spaces/keys', 'volumes'];

describe('forge destroy', () => {
  let test: TestSandbox;

  /** As another environment of the same account would have it. */
  const makeVolume = (name: string, tag: string) =>
    test.cloud.post('/v2/volumes', { name, region: test.sandbox.config.region, size_gigabytes: 1, tags: [tag] });
  const namesOf = async (kind: string): Promise<string[]> => (await test.held(kind)).map(({ name }) => name);

  beforeAll(async () => {
    test = await startTestSandbox();
    await publishCheckout(test.sandbox.folder);
    for (const stack of STACKS) await test.deploy(stack);
    await test.nodesReady();
    await test.forge(['wait', '--timeout', '5m']);
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  it('touches nothing without the name of the environment', async () => {
    const { code, text } = await test.forge(['destroy', '--confirm', 'forge-prod']);
    expect([code, text]).toEqual([2, expect.stringContaining('nothing was touched')]);
    expect(await test.held('droplets')).toHaveLength(3);
  });

  it('leaves a sweep of what runs nothing to find', async () => {
    const { code, text } = await test.forge(['sweep']);
    expect([code, text]).toEqual([0, expect.stringContaining('Nothing is left over')]);
  });

  it('finds what nobody answers for, and leaves the other environment alone', async () => {
    await makeVolume('orphan', 'forge-production');
    await makeVolume('neighbour', 'forge-production2');
    const found = await test.forge(['sweep', '--json']);
    expect(found.code).toBe(1);
    expect(found.text).toContain('orphan');
    expect(found.text).not.toContain('neighbour');
    expect((await test.forge(['sweep', '--delete', '--confirm', 'forge-production'])).code).toBe(0);
    const names = await namesOf('volumes');
    expect(names).not.toContain('orphan');
    expect(names).toContain('neighbour');
  });

  describe('with a fault here and there', () => {
    const destroy = (env?: Record<string, string>) => test.forge(['destroy', '--confirm', 'forge-production'], env);
    const outputs = () => test.forge(['state', 'outputs', 'network', '--json']);

    it.each([
      ['GitHub/webhooks:write', 'terraform destroy in the stack github-secrets failed'],
      ['Spaces/GetObject:forge-terraform-state/forge/production/cluster.tfstate', 'Spaces'],
      ['DigitalOcean/vpc:read', 'vpcs'],
      ['DigitalOcean/vpc:delete', 'terraform destroy in the stack network failed'],
    ])('stops at %s, and says where', async (at, words) => {
      await askDaemon(test.sandbox.folder.controlSocket, `/refuse/${at}`);
      // What is about to go needs no chart any more.
      const { code, text } = await destroy({ FORGE_CHART_REPOSITORY: 'http://127.0.0.1:9' });
      expect([code, text]).toEqual([1, expect.stringContaining(words)]);
    });

    it('has lost the outputs of the network by then, and needs none of them', async () => {
      expect((await outputs()).text).not.toContain('api_address');
      expect(await namesOf('vpcs')).toContain('forge-production');
    });
  });

  it('removes the environment with its volumes and snapshots, and nothing else', async () => {
    const { code, text } = await test.forge(['destroy', '--confirm', 'forge-production']);
    expect([code, text]).toEqual([0, expect.stringContaining('Everything is gone')]);
    for (const kind of KINDS) {
      expect([kind, await namesOf(kind)]).toEqual([kind, kind === 'volumes' ? ['neighbour'] : []]);
    }
  });

  it('has nothing left to do when it is run again', async () => {
    const { code, text } = await test.forge(['destroy', '--confirm', 'forge-production']);
    expect([code, text]).toEqual([0, expect.stringContaining('Everything is gone')]);
  });

  describe('of a cluster that will never answer again', () => {
    beforeAll(async () => {
      expect((await test.forge(['bootstrap'])).code).toBe(0);
      for (const stack of STACKS) await test.deploy(stack);
      await makeVolume('lost', 'forge-production');
      const server = (await test.held('droplets')).find(({ name }) => name.includes('-server-'));
      await test.cloud.post(`/v2/droplets/${server.id}/actions`, { type: 'power_off' });
    }, START_LIMIT_MS);

    it('says how it is done, and destroys nothing before', async () => {
      const { code, text } = await test.forge(['destroy', '--confirm', 'forge-production']);
      expect([code, text]).toEqual([1, expect.stringContaining('--without-cluster')]);
      expect(await test.held('droplets')).toHaveLength(3);
    });

    it('leaves nothing, in the account or at GitHub', async () => {
      const { code, text } = await test.forge(['destroy', '--without-cluster', '--confirm', 'forge-production']);
      expect([code, text]).toEqual([0, expect.stringContaining('Everything is gone')]);
      for (const kind of KINDS) {
        expect([kind, await namesOf(kind)]).toEqual([kind, kind === 'volumes' ? ['neighbour'] : []]);
      }
    });
  });
});
