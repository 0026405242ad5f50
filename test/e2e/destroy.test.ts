/** The end of an environment, and what must not end with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishCheckout } from '#sandbox/up';
import { STACKS } from '#stacks/stack-names';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

jest.setTimeout(400_000);

const KINDS = ['droplets', 'vpcs', 'firewalls', 'loadBalancers', 'reservedIps', 'spacesKeys', 'volumes'] as const;

describe('forge destroy', () => {
  let test: TestSandbox;

  const account = () =>
    JSON.parse(readFileSync(join(test.sandbox.folder.cloud, 'digitalocean.json'), 'utf8')) as Record<
      (typeof KINDS)[number],
      { name: string }[]
    >;
  /** As another environment of the same account would have it. */
  const makeVolume = async (name: string, tag: string) => {
    const { DIGITALOCEAN_API_URL: api, DIGITALOCEAN_TOKEN: token } = test.sandbox.env;
    const body = JSON.stringify({ name, region: test.sandbox.config.region, size_gigabytes: 1, tags: [tag] });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${api}/v2/volumes`, { method: 'POST', headers, body });
    expect(answer.ok).toBe(true);
  };

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
    expect(account().droplets).toHaveLength(3);
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
    expect((await test.forge(['sweep', '--delete'])).code).toBe(0);
    const names = account().volumes.map(({ name }) => name);
    expect(names).not.toContain('orphan');
    expect(names).toContain('neighbour');
  });

  it('removes the environment with its volumes and snapshots, and nothing else', async () => {
    const { code, text } = await test.forge(['destroy', '--confirm', 'forge-production']);
    expect([code, text]).toEqual([0, expect.stringContaining('Everything is gone')]);
    for (const kind of KINDS) {
      expect([kind, account()[kind].map(({ name }) => name)]).toEqual([kind, kind === 'volumes' ? ['neighbour'] : []]);
    }
  });

  it('has nothing left to do when it is run again', async () => {
    const { code, text } = await test.forge(['destroy', '--confirm', 'forge-production']);
    expect([code, text]).toEqual([0, expect.stringContaining('Everything is gone')]);
  });
});
