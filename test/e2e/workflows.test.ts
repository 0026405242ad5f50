/**
 * The workflows as GitHub would run them, in the order of an environment's life.
 *
 * @jest-environment <rootDir>/test/chain.cjs
 */
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { askDaemon } from '#sandbox/daemon/control';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import { publishCheckout } from '#sandbox/up';
import type { RunReport } from '../workflows/runner';
import { START_LIMIT_MS, startTestSandbox, type TestSandbox } from './harness';
import { workflowCheckout, type WorkflowCheckout } from './workflow-checkout';

jest.setTimeout(10 * 60_000);

const MERGED = { number: 7, head: 'b'.repeat(40), commit: 'a'.repeat(40) };
const PRIVATE = { payload: { repository: { private: true } } };
const BY_HAND = { event: { name: 'workflow_dispatch', ...PRIVATE } };
const PUSH = { event: { name: 'push', ...PRIVATE } };
const DAILY = { event: { name: 'schedule', ...PRIVATE } };
const OTHER_SIZE = 's-8vcpu-16gb';

describe('the workflows', () => {
  let test: TestSandbox;
  let github: WorkflowCheckout;

  beforeAll(async () => {
    test = await startTestSandbox();
    await publishCheckout(test.sandbox.folder);
    await askDaemon(test.sandbox.folder.controlSocket, `/open-pull-request/${MERGED.number}`);
    github = await workflowCheckout(test, MERGED);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await github?.close();
    await test.end();
  });

  it('validate the three stacks', async () => {
    const run = await github.run('ci', { ...pullRequest(), job: 'stacks' });
    expect(troublesOf(run)).toEqual([]);
    expect(run.jobs['stacks']!.steps.at(-1)!.output.match(/The configuration is valid/g)).toHaveLength(3);
  });

  it('deploy everything by hand, and leave the operators a kubeconfig', async () => {
    const run = await github.run('deploy', BY_HAND);
    expect(troublesOf(run)).toEqual([]);
    const stacks = ['provision', 'cluster', 'infra-secrets', 'gitops'].map((job) => `stacks / ${job}`);
    expect(Object.keys(run.jobs)).toEqual(['approve', ...stacks, 'stacks']);
    const { summary } = run.jobs['stacks / gitops']!;
    for (const part of ['Ready', 'layer-03-apps', `https://gitea.${test.sandbox.config.domain}`]) {
      expect(summary).toContain(part);
    }
    const file = join(github.artifact('kubeconfig.yaml'), 'kubeconfig.yaml');
    expect(statSync(file).size).toBeGreaterThan(0);
  });

  it('refuse to plan and drift what only a deploy needs', async () => {
    const { env, config } = test.sandbox;
    const variables = `${env['GITHUB_API_URL']}/repos/${config.repository}/actions/variables`;
    const domain = 'github_actions_variable.actions_FORGE_PRODUCTION_DOMAIN';
    const replace = ['apply', '-auto-approve', '-refresh=false', `-target=${domain}`, `-replace=${domain}`];
    for (const environment of ['plan', 'drift'] as const) {
      const secrets = await github.secretsOf(environment);
      const [token, repositoryToken] = [secrets['DIGITALOCEAN_TOKEN']!, secrets['FORGE_GITHUB_TOKEN']!];
      expect(secrets).not.toHaveProperty('FORGE_CLUSTER_TOKEN');
      expect(await status('DELETE', `${env['DIGITALOCEAN_API_URL']}/v2/droplets/1`, token)).toBe(403);
      expect(await status('GET', variables, repositoryToken)).toBe(200);
      const args = [...replace, `-var=GITHUB_TOKEN=${repositoryToken}`];
      const { code, text } = await test.terraform(test.stackFolder('github-secrets'), args);
      expect([code, text]).toEqual([1, expect.stringContaining('Resource not accessible by personal access token')]);
      const bootstrap = await test.forge(['bootstrap'], secrets);
      expect([bootstrap.code, bootstrap.text]).toEqual([1, expect.stringContaining('needs full access')]);
    }
  });

  it('keep the states from plans, which have copies without secrets', async () => {
    const secrets = await github.secretsOf('plan');
    const list = await test.forge(['state', 'list', 'network'], secrets);
    expect([list.code, list.text]).toEqual([1, expect.stringContaining('may not do this with the bucket')]);
    const plan = await test.forge(['plan', 'run', '--out', join(github.workspace, 'plans')], secrets);
    expect([plan.code, plan.text]).toEqual([1, expect.stringContaining('may not do this with the bucket')]);
  });

  it('leave the API closed', async () => {
    expect((await test.held('firewalls')).filter(({ name }) => name.includes('access'))).toEqual([]);
  });

  it('plan a change of a pull request in one comment, and keep what the deploy compares', async () => {
    test.configure(['workers', 0, 'size'], OTHER_SIZE);
    const gitea = join(github.workspace, 'k8s/03-apps/gitea.yaml');
    renameSync(gitea, `${gitea}.away`);
    expect(troublesOf(await github.run('plan', pullRequest()))).toEqual([]);
    renameSync(`${gitea}.away`, gitea);
    expect(readdirSync(github.artifact('plan-7')).sort()).toEqual(['comment.md', 'reviewed.json']);
    const comment = readFileSync(join(github.artifact('plan-7'), 'comment.md'), 'utf8');
    expect(comment).toContain('digitalocean_droplet');
    expect(comment).toMatch(/\*\*Removed \(\d+\):\*\* .*Deployment rt\/gitea: layer-03-apps prunes it/);
  });

  it('stop a deploy that would do something else, before it does anything', async () => {
    test.configure(['workers', 0, 'count'], 3);
    const { result, jobs } = await github.run('deploy', PUSH);
    expect(result).toBe('failure');
    const failed = jobs['stacks / provision']!.steps.find((step) => step.result === 'failure');
    expect(failed?.title).toBe('Stop if it is another plan');
    expect(await sizes()).not.toContain(OTHER_SIZE);
    test.configure(['workers', 0, 'count'], 2);
  });

  it('deploy what was reviewed', async () => {
    github.forget('kubeconfig.yaml');
    expect(troublesOf(await github.run('deploy', PUSH))).toEqual([]);
    expect((await sizes()).filter((size) => size === OTHER_SIZE)).toHaveLength(2);
  });

  it('take nothing back when an old run is started again', async () => {
    github.deployNewer('f'.repeat(40));
    const { result, jobs } = await github.run('deploy', BY_HAND);
    github.deployNewer(MERGED.commit);
    expect(result).toBe('failure');
    const { steps } = jobs['stacks / provision']!;
    const failed = steps.filter((step) => step.result === 'failure');
    expect(failed.map(({ title, output }) => [title, output])).toEqual([
      ['Stop if a newer commit is deployed', expect.stringContaining('fffffff is deployed, which is newer')],
    ]);
    expect(steps.find(({ title }) => title === 'Deploy network')?.result).toBe('skipped');
  });

  it('report what was changed by hand, until it is mended', async () => {
    await test.forge(['kubeconfig', '--admin', '--out', kubeconfigFile(test.sandbox, 'admin')]);
    expect((await test.kubectl('admin', ['-n', 'rt', 'delete', 'secret', 'gitea-admin-secret'])).text).toContain(
      'deleted',
    );
    expect(troublesOf(await github.run('drift', DAILY))).toEqual([]);
    const issues = await openIssues();
    expect(issues.map(({ title }) => title)).toEqual([expect.stringContaining('is not as configured')]);
    expect(issues[0]!.body).toContain('gitea-admin-secret');
    github.forget('kubeconfig.yaml');
    expect(troublesOf(await github.run('deploy', BY_HAND))).toEqual([]);
    expect(troublesOf(await github.run('drift', DAILY))).toEqual([]);
    expect(await openIssues()).toEqual([]);
  });

  it('destroy nothing when the name is not typed as it is', async () => {
    const { length: before } = await test.held('droplets');
    const { result } = await github.run('destroy', { ...BY_HAND, inputs: { confirm: '$(touch typed)' } });
    expect(result).toBe('failure');
    expect(await test.held('droplets')).toHaveLength(before);
    expect(readdirSync(github.workspace)).not.toContain('typed');
  });

  it('destroy everything, and find nothing left', async () => {
    const { name, environment } = test.sandbox.config;
    const run = await github.run('destroy', { ...BY_HAND, inputs: { confirm: `${name}-${environment}` } });
    expect(troublesOf(run)).toEqual([]);
    for (const kind of ['droplets', 'vpcs', 'firewalls', 'load_balancers', 'reserved_ips', 'volumes']) {
      expect([kind, await test.held(kind)]).toEqual([kind, []]);
    }
    const keys = await test.held('spaces/keys');
    expect(keys.filter(({ name }) => !name.startsWith('workflow '))).toEqual([]);
  });

  function pullRequest() {
    const repository = { full_name: test.sandbox.config.repository };
    const head = { sha: MERGED.head, ref: 'bigger', repo: repository };
    const payload = { number: MERGED.number, pull_request: { number: MERGED.number, head }, repository };
    return { event: { name: 'pull_request', payload } };
  }

  async function openIssues(): Promise<{ title: string; body: string }[]> {
    const { env, config } = test.sandbox;
    const headers = { authorization: `Bearer ${env['GITHUB_TOKEN']}` };
    const url = `${env['GITHUB_API_URL']}/repos/${config.repository}/issues?state=open&labels=forge-drift`;
    return (await (await fetch(url, { headers })).json()) as { title: string; body: string }[];
  }

  async function status(method: string, url: string, token: string): Promise<number> {
    return (await fetch(url, { method, headers: { authorization: `Bearer ${token}` } })).status;
  }

  async function sizes(): Promise<string[]> {
    return (await test.held('droplets')).map(({ size_slug }) => size_slug);
  }
});

/** Steps that failed, with what they said, and steps that printed a secret. */
function troublesOf({ jobs }: RunReport): string[] {
  return Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ title, result, output, printedSecrets }) => [
      ...(result === 'failure' ? [`${job}, ${title}: ${output}`] : []),
      ...printedSecrets.map((name) => `${job}, ${title}: prints ${name}`),
    ]),
  );
}
