/** The address of the API is dead, the cluster is not. */
import { plot, type Plot } from './droplets';
import { pkiFiles } from './k3s/pki-files';
import { eventually, forwardApi, openSandbox, type RunningSandbox } from './running-sandbox';

jest.setTimeout(60_000);

const signOf = (node: string) => `forge-test/.alive/${node}`;

describe.each([1, 3] as const)('a living cluster of %i servers', (servers) => {
  let sandbox: RunningSandbox;
  let cluster: Plot;
  const numbers = Array.from({ length: servers }, (_, index) => index + 1);
  const nodes = numbers.map((number) => `forge-test-server-${number}-${1000 + number}`);
  const replacement = () => ({ ...cluster.server(1), id: 1004, publicAddress: cluster.server(4).publicAddress });
  const cutOff = () =>
    sandbox.runtime.forward('api', { address: cluster.apiAddress, rules: [], targets: [], keepsAddress: servers > 1 });
  const waits = async () => {
    const LEFT = /forge-test-server-\d-100\d left a sign of life \d+ s ago/;
    await eventually(() => sandbox.status(1004).state === 'failed' || LEFT.test(sandbox.status(1004).reason ?? ''));
    expect(sandbox.status(1004)).toMatchObject({ state: 'booting', reason: expect.stringMatching(LEFT) });
  };

  beforeAll(async () => {
    cluster = plot(await pkiFiles(), 5 + servers, servers);
    sandbox = await openSandbox();
    await forwardApi(sandbox, cluster, servers);
    for (const number of numbers) await sandbox.runtime.boot(cluster.server(number));
    await sandbox.settled();
  });
  afterAll(() => sandbox.close());

  it('leaves a sign of life of each server beside its snapshots', async () => {
    await eventually(() => expect(sandbox.spaces.objects()).toEqual(expect.arrayContaining(nodes.map(signOf))));
  });

  it('gets no other cluster beside it when its address is dead', async () => {
    await cutOff();
    await sandbox.runtime.boot(replacement());
    await waits();
  });

  it('gets none either while the bucket refuses to tell', async () => {
    sandbox.spaces.open = false;
    await eventually(() => expect(sandbox.status(1004).reason).toContain('Not knowing whether'));
    sandbox.spaces.open = true;
    await waits();
  });

  it('is replaced when it is gone, as soon as its address is there again or its sign is not', async () => {
    await sandbox.runtime.destroy(1001);
    await waits();
    if (servers === 1) sandbox.spaces.remove(signOf(nodes[0]!));
    else await forwardApi(sandbox, cluster, 4);
    await eventually(() => expect(sandbox.status(1004).state).toBe('running'));
  });
});
