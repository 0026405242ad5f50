import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { driftCommand } from '#cli/drift/command';
import type { LookOptions } from '#cli/drift/look';
import { newFolder } from '#test/new-folder';
import { listsOf } from '#test/clients/kubernetes/sample-api';
import { droplet } from '#test/sandbox/cloud/digitalocean/samples';
import { layers, node } from '../status/objects';
import { sampleEnvironment, type SampleEnvironment } from '../sweep/sample-environment';
import { OURS } from '../sweep/things';

const VPC = [['digitalocean_vpc', { id: 'vpc-1' }]] as const;
const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';

describe('forge drift look', () => {
  let sample: SampleEnvironment;
  let plans: string;
  let planned: number;
  let plan: NonNullable<LookOptions['plan']>;

  const start = async (options: Parameters<typeof sampleEnvironment>[1] = {}) => {
    sample = await sampleEnvironment((terminal) => driftCommand(terminal, (...args) => plan(...args)), options);
    plans = newFolder('drift');
  };
  beforeEach(() => {
    planned = 0;
    plan = () => {
      planned++;
      return Promise.resolve([]);
    };
  });
  afterEach(() => sample.end());

  const look = () => sample.operator.run('look', '--plans', plans);
  const findings = () => JSON.parse(readFileSync(join(plans, 'findings.json'), 'utf8')) as { lines: string[] };

  it.each([
    ['before the first deploy, without a bucket', { bucket: false as const }],
    ['before the first deploy, with a bucket', {}],
  ])('says that there is nothing, and plans nothing, %s', async (_, options) => {
    await start(options);
    expect(await look()).toMatchObject({ code: 0, stdout: 'Nothing is deployed.\n' });
    expect([planned, findings()]).toEqual([0, { isDeployed: false, lines: [] }]);
  });

  it('says so after the end, too', async () => {
    await start();
    for (const stack of ['network', 'cluster', 'github-secrets'] as const) await sample.deployed(stack, []);
    expect(await look()).toMatchObject({ code: 0, stdout: 'Nothing is deployed.\n' });
  });

  it('tells of machines that run without a state', async () => {
    await start();
    await droplet(sample.cloud.api, { name: 'alive', tags: [OURS] });
    const { code, stdout } = await look();
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^1 machines run, and the bucket \S+ has no Terraform state/),
    ]);
  });

  it('tells that the API does not answer, and plans all the same', async () => {
    await start();
    const { outputs, close } = await sample.startApi(listsOf({}));
    await close();
    await sample.deployed('network', VPC, outputs);
    const { code, stdout } = await look();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/does not answer.*So nobody looked at layers/)]);
    expect(planned).toBe(1);
  });

  it('tells why nothing could be planned, and looks at the rest', async () => {
    await start();
    plan = () => Promise.reject(new Error('the app does not start\nstack trace'));
    await sample.deployed('network', VPC);
    expect(await look()).toMatchObject({ code: 0 });
    const [first, second] = findings().lines;
    expect([first, second]).toEqual(['the app does not start', expect.stringContaining('publishes no cluster')]);
  });

  it('tells that the states cannot be read', async () => {
    await start();
    sample.operator.env['SPACES_SECRET_ACCESS_KEY'] = 'another';
    expect(await look()).toMatchObject({ code: 0 });
    expect(findings().lines).toEqual([expect.stringContaining('SPACES_SECRET_ACCESS_KEY is not the secret')]);
  });

  it('tells what is not healthy, late, or not to be seen', async () => {
    await start();
    const broken = layers({ 'layer-02-database': { health: 'Degraded' } });
    const { outputs } = await sample.startApi(({ path }) =>
      listsOf({ '/api/v1/nodes': [node('forge-server-1', { ready: false, message: 'gone' })], [APPLICATIONS]: broken })(
        {
          path,
        } as never,
      ),
    );
    await sample.deployed('network', VPC, outputs);
    expect(await look()).toMatchObject({ code: 0 });
    const { lines } = findings();
    expect(lines).toContainEqual(expect.stringContaining('layer-02-database: sync is Synced, health is Degraded'));
    expect(lines).toContain('nodes: forge-server-1');
    expect(lines).toContainEqual(expect.stringMatching(/^Not seen: snapshots of etcd: There is no bucket/));
  });
});
