/** The operations of the guide, as `forge sandbox tour` does them, on a sandbox of one server. */
import { dirname } from 'node:path';
import { git as gitOutput } from '#sandbox/git/git';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { OPERATIONS } from '#sandbox/tour/operations';
import { startTour, type Tour } from '#sandbox/tour/tour';
import { publishCheckout } from '#sandbox/up';
import { STACKS } from '#stacks/stack-names';
import { resticProgram } from '../k8s/backup-store';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';

jest.setTimeout(400_000);

describe('the platform', () => {
  let test: TestSandbox;
  let tour: Tour;
  /** What the operation that is under way tells. */
  let told: string[];

  beforeAll(async () => {
    test = await startTestSandbox();
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  it('becomes Healthy layer by layer, and forge status says so', async () => {
    await publishCheckout(test.sandbox.folder);
    for (const stack of STACKS) await test.deploy(stack);
    await test.nodesReady();
    const waited = await test.forge(['wait', '--timeout', '5m']);
    expect([waited.code, waited.text]).toEqual([0, expect.stringContaining('All 4 layers are Synced and Healthy')]);
    const created = (await test.list('applications', 'argocd'))
      .filter(({ metadata }) => metadata.name.startsWith('layer-'))
      .sort((one, other) => one.metadata.creationTimestamp.localeCompare(other.metadata.creationTimestamp))
      .map(({ metadata }) => metadata.name);
    expect(created).toEqual(['layer-00-infra', 'layer-01-init', 'layer-02-database', 'layer-03-apps']);
    // Certificates are no part of a layer: they come moments later.
    await eventually(async () => {
      const status = await test.forge(['status']);
      expect([status.code, status.text]).toEqual([0, expect.stringContaining('layer-03-apps')]);
    });
  });

  it('shows the commit that was pushed, at the root and at every layer', async () => {
    const { text } = await test.forge(['sandbox', 'status', '--json', '--folder', test.sandbox.folder.path]);
    const { git, layers } = JSON.parse(text) as { git: { path: string }; layers: { name: string; revision: string }[] };
    const pushed = await gitOutput(['-C', git.path, 'rev-parse', test.sandbox.config.revision]);
    expect(layers.map(({ name, revision }) => [name, revision])).toEqual(
      ['root', 'layer-00-infra', 'layer-01-init', 'layer-02-database', 'layer-03-apps'].map((name) => [name, pushed]),
    );
  });

  it('has a stand-in for each chart that cannot run, and names it', async () => {
    const { text } = await test.forge(['sandbox', 'status', '--json', '--folder', test.sandbox.folder.path]);
    const { standIns } = JSON.parse(text) as { standIns: { name: string }[] };
    expect(standIns.map(({ name }) => name).sort()).toEqual(['cert-manager', 'traefik']);
  });

  describe('keeps the promises of the guide', () => {
    beforeAll(async () => {
      process.env['PATH'] += `:${dirname(resticProgram())}`;
      const { kubectl } = await ensureSandboxTools(() => undefined);
      tour = await startTour({ sandbox: test.sandbox, kubectl, tell: (actor, line) => told.push(`${actor}: ${line}`) });
    });
    afterAll(() => tour.close());
    beforeEach(() => {
      told = [];
    });
    afterEach(async () => {
      const commit = await tour.clone.restore();
      if (commit !== undefined) await tour.untilHealthy(commit);
    });

    it('and lets a layer hold nothing that its project does not admit', async () => {
      const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'rt' }];
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
      const planted = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', subjects, roleRef };
      tour.clone.write('k8s/03-apps/planted.yaml', JSON.stringify({ ...planted, metadata: { name: 'planted' } }));
      await tour.clone.push('Make the tools administrators');
      const reason = await tour.until('layer-03-apps says why', async () => {
        const { text } = await test.forge(['status']);
        return /ClusterRoleBinding.* is not permitted in project apps/.exec(text)?.[0];
      });
      expect(reason).toContain('rbac.authorization.k8s.io:ClusterRoleBinding');
      expect((await test.list('clusterrolebindings')).map(({ metadata }) => metadata.name)).not.toContain('planted');
    });

    const here = OPERATIONS.filter(({ on }) => on !== 'containers');
    it.each(here.map((operation) => ({ operation, title: operation.title })))('$title', async ({ operation }) => {
      await operation.run(tour);
      expect(told.length).toBeGreaterThan(1);
    });
  });
});
