/**
 * `forge plan` with real plans of real changes, in the order of a cluster's life.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_TOKEN } from '#config/environment';
import type { PlanMeta } from '#cli/plan/plan-folder';
import type { ReviewedPlans } from '#cli/plan/reviewed';
import { CREDENTIALS_FILE, VARIABLES_FILE } from '#stacks/credential-files';
import { STACKS, type StackName } from '#stacks/stack-names';
import { START_LIMIT_MS, startTestSandbox, type Finished, type TestSandbox } from './harness';
import { SECRET_FILE_MODE, secretsIn } from './planted-secrets';

jest.setTimeout(180_000);

const NO_CHANGE = Object.fromEntries(STACKS.map((stack) => [stack, { changes: [] }]));

describe('the plans of all stacks', () => {
  let test: TestSandbox;
  let plans: string;
  let planted: readonly string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    test = await startTestSandbox();
    plans = join(test.folder, 'plans');
  }, START_LIMIT_MS);
  afterAll(() => test.end());

  it('are made before anything was deployed: what cannot be known yet waits', async () => {
    expect(await run()).toMatchObject({ code: 0, text: expect.stringContaining('cluster: waits for network') });
    expect(reviewed()['network']!.changes.length).toBeGreaterThan(30);
    expect(reviewed()['cluster']).toEqual({ waitingFor: 'network', changes: [] });
    expect(reviewed()['github-secrets']).toEqual({ waitingFor: 'network', changes: [] });
    expect(meta('cluster')).toEqual({ refreshed: false, waitingFor: 'network' });
    expect(await comment()).toContain('waiting for network');
  });

  it('leave nothing that others can read, no plan file and no credentials', () => {
    expect(statSync(plans).mode & 0o777).toBe(0o700);
    const entries = readdirSync(plans, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(files.sort()).toEqual([
      'cluster.meta.json',
      'github-secrets.meta.json',
      'network.json',
      'network.meta.json',
      'reviewed.json',
    ]);
    for (const file of files)
      expect([file, statSync(join(plans, file)).mode & 0o777]).toEqual([file, SECRET_FILE_MODE]);
    expect(entries.filter((entry) => !entry.isFile()).map(({ name }) => name)).toEqual(['errors']);
    const beside = readdirSync(join(test.folder, 'cdktf.out/stacks/network'));
    expect(beside.filter((file) => [CREDENTIALS_FILE, VARIABLES_FILE].includes(file))).toEqual([]);
  });

  it('show no change after a deploy, although no value of a secret is there', async () => {
    for (const stack of STACKS) await test.deploy(stack);
    await test.nodesReady();
    planted = await secretsIn(test);
    expect((await run()).code).toBe(0);
    expect(reviewed()).toEqual(NO_CHANGE);
    for (const stack of STACKS) expect(meta(stack)).toEqual({ refreshed: true });
  });

  it('show a larger worker as a change of its droplets, with the price and no secret', async () => {
    test.configure(['workers', 0, 'size'], 's-8vcpu-16gb');
    await run();
    expect(changes('network')).toEqual([
      ['digitalocean_droplet.workers_general_1', 'update'],
      ['digitalocean_droplet.workers_general_2', 'update'],
    ]);
    const text = await comment();
    expect(text).toContain('digitalocean_droplet.workers_general_1');
    expect(text).toMatch(/\$\s?\d+/);
    test.configure(['workers', 0, 'size'], 's-4vcpu-8gb');
  });

  it('show a new generation as a replacement, new before old, and one more worker as an addition', async () => {
    test.configure(['workers', 0, 'generation'], 2);
    test.configure(['workers', 0, 'count'], 3);
    await run();
    expect(changes('network').filter(([address]) => address.startsWith('digitalocean_droplet.'))).toEqual([
      ['digitalocean_droplet.workers_general_1', 'create,delete'],
      ['digitalocean_droplet.workers_general_2', 'create,delete'],
      ['digitalocean_droplet.workers_general_3', 'create'],
    ]);
  });

  it('hold a deploy to what was reviewed', async () => {
    const older = join(test.folder, 'older');
    cpSync(plans, older, { recursive: true });
    expect(await check(older)).toMatchObject({ code: 0, text: 'Every planned change was reviewed.\n' });
    test.configure(['workers', 0, 'count'], 4);
    await run();
    const { code, text } = await check(join(older, 'reviewed.json'));
    expect(code).toBe(1);
    expect(text).toContain('network: create digitalocean_droplet.workers_general_4 (reviewed: no change)');
  });

  it('show a worker less as a destroyed droplet', async () => {
    test.configure(['workers', 0, 'generation'], 1);
    test.configure(['workers', 0, 'count'], 1);
    await run({}, ['--stack', 'network', '--out', plans]);
    expect(changes('network').filter(([, actions]) => actions === 'delete')).toEqual([
      ['digitalocean_droplet.workers_general_2', 'delete'],
    ]);
    expect(Object.keys(reviewed())).toEqual(['network']);
    expect(await comment()).toContain('digitalocean_droplet.workers_general_2');
    test.configure(['workers', 0, 'count'], 2);
  });

  it('show what somebody deleted by hand', async () => {
    await test.kubectl('admin', ['delete', 'secret', 'postgres-secret', '-n', 'rt']);
    expect((await run()).code).toBe(0);
    expect(reviewed()).toEqual({
      ...NO_CHANGE,
      'github-secrets': {
        changes: [{ address: 'kubernetes_secret_v1.secret_rt_postgres-secret', actions: ['create'] }],
      },
    });
    await test.deploy('github-secrets');
  });

  it('wait for a stack that does not publish yet what a change has the next one read', async () => {
    const state = JSON.parse((await test.forge(['state', 'outputs', 'cluster', '--json'])).text) as object;
    expect(Object.keys(state)).toContain('deploy_key');
    await withoutOutput('cluster', 'deploy_key', async () => {
      expect((await run()).code).toBe(0);
      expect(reviewed()['github-secrets']).toEqual({ waitingFor: 'cluster', changes: [] });
      expect(meta('github-secrets')).toEqual({ refreshed: true, waitingFor: 'cluster' });
    });
  });

  it('go on with the other stacks when one cannot be planned, and keep its log', async () => {
    const { code, text } = await run({ TF_VAR_wait_for_api: 'perhaps' });
    expect(code).toBe(1);
    expect(text).toContain('Could not be planned: cluster. Why:');
    const log = join(plans, 'errors', 'cluster.log');
    expect(readFileSync(log, 'utf8')).toContain('Invalid value for input variable');
    expect(statSync(log).mode & 0o777).toBe(SECRET_FILE_MODE);
    expect(reviewed()).toEqual({ network: { changes: [] }, 'github-secrets': { changes: [] } });
    expect(await comment()).toMatch(/error/i);
    expect((await check(plans)).text).toContain('cluster: cannot be planned now');
  });

  it('are made from the state while the API is closed', async () => {
    endApiServer();
    test.configure(['revision'], 'next');
    const { code, text } = await run();
    expect(code).toBe(0);
    expect(text).toContain('cluster: the Kubernetes API is closed, so it is planned from the state');
    expect(readdirSync(join(plans, 'errors'))).toEqual([]);
    expect(reviewed()['network']).toEqual({ changes: [] });
    expect(changes('cluster')).toEqual([['helm_release.argocd_apps', 'update']]);
    expect(reviewed()['github-secrets']).toEqual({ changes: [] });
    expect(STACKS.map((stack) => meta(stack).refreshed)).toEqual([true, false, false]);
  });

  it('print no secret', () => {
    expect(planted.length).toBeGreaterThan(10);
    expect(said.length).toBeGreaterThan(10);
    for (const text of said) expect(planted.filter((secret) => text.includes(secret))).toEqual([]);
  });

  /** Without the values of secrets, as in a pull request. */
  async function run(
    env: Record<string, string> = {},
    options: readonly string[] = ['--out', plans],
  ): Promise<Finished> {
    const names = [CLUSTER_TOKEN, ...test.sandbox.config.secrets.flatMap(({ data }) => Object.values(data))];
    const absent = Object.fromEntries(names.map((name) => [name, '']));
    return heard(await test.forge(['plan', 'run', ...options], { ...absent, ...env }));
  }

  async function comment(): Promise<string> {
    const { code, text } = heard(await test.forge(['plan', 'comment', '--plans', plans, '--out', '-']));
    expect([code, code === 0 ? '' : text]).toEqual([0, '']);
    return text;
  }

  async function check(older: string): Promise<Finished> {
    return heard(await test.forge(['plan', 'check', '--plans', plans, '--reviewed', older]));
  }

  function heard(finished: Finished): Finished {
    said.push(finished.text);
    return finished;
  }

  function reviewed(): ReviewedPlans['stacks'] {
    return read<ReviewedPlans>('reviewed.json').stacks;
  }

  function meta(stack: StackName): PlanMeta {
    return read<PlanMeta>(`${stack}.meta.json`);
  }

  function read<T>(name: string): T {
    return JSON.parse(readFileSync(join(plans, name), 'utf8')) as T;
  }

  function changes(stack: StackName): [string, string][] {
    return reviewed()[stack]!.changes.map(({ address, actions }) => [address, actions.join()]);
  }

  /** As a state looks before a change that adds the output was deployed. */
  async function withoutOutput(stack: StackName, output: string, work: () => Promise<void>): Promise<void> {
    const pulled = await test.terraform(test.stackFolder(stack), ['state', 'pull']);
    const state = JSON.parse(pulled.text) as { outputs: Record<string, unknown> };
    const outputs = Object.fromEntries(Object.entries(state.outputs).filter(([id]) => id !== output));
    await push(stack, { ...state, outputs });
    await work();
    // A plan takes the key of the state away again.
    await test.cdktf(['synth']);
    await push(stack, state);
  }

  async function push(stack: StackName, state: object): Promise<void> {
    const file = join(test.folder, 'pushed.tfstate');
    writeFileSync(file, JSON.stringify(state), { mode: SECRET_FILE_MODE });
    const { code, text } = await test.terraform(test.stackFolder(stack), ['state', 'push', '-force', file]);
    rmSync(file);
    expect([code, code === 0 ? '' : text]).toEqual([0, '']);
  }

  /** Nothing starts it again. */
  function endApiServer(): void {
    const processes = execFileSync('ps', ['axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    const own = processes.filter(
      (line) => line.includes('/kube-apiserver ') && line.includes(test.sandbox.folder.path),
    );
    expect(own).toHaveLength(1);
    process.kill(Number.parseInt(own[0]!, 10), 'SIGKILL');
  }
});
