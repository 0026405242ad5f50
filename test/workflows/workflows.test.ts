import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { secretVariables } from '#config/environment';
import { loadConfig } from '#config/load';
import { CHECKOUT, readWorkflow, WORKFLOW_NAMES, workflowText, type Job, type Step } from './workflow-file';

const ACTION_FILE = join(CHECKOUT, '.github/actions/prepare/action.yml');
const actionText = readFileSync(ACTION_FILE, 'utf8');
const actionSteps = (parse(actionText) as { runs: { steps: Step[] } }).runs.steps;
const workflows = WORKFLOW_NAMES.map((name) => [name, readWorkflow(name)] as const);
const jobs = workflows.flatMap(([name, workflow]) =>
  Object.values(workflow.jobs).map((job) => [`${name}: ${job.name}`, job] as [string, Job]),
);
const allSteps = [...actionSteps, ...jobs.flatMap(([, { steps }]) => steps)];
const commands = allSteps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const delivery = readFileSync(join(CHECKOUT, 'docs/delivery.md'), 'utf8');

/** Names of the secrets that a part of a workflow takes. */
function secretsOf(part: unknown): string[] {
  return [...new Set([...JSON.stringify(part).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name!))];
}

describe('the workflows', () => {
  it('start for pull requests without the rights of the repository', () => {
    const triggers = new Set(workflows.flatMap(([, { on }]) => Object.keys(on)));
    expect([...triggers].sort()).toEqual(['pull_request', 'push', 'schedule', 'workflow_dispatch']);
  });

  it.each(workflows)('%s gives no right to all jobs, and takes turns', (name, { permissions, concurrency }) => {
    expect(permissions).toEqual({});
    expect(concurrency?.group).toMatch(/^(production|production-drift|plan-\$\{\{ github\.ref \}\}|ci-.*)$/);
    expect(concurrency?.['cancel-in-progress']).toBe(
      name === 'ci' ? "${{ github.event_name == 'pull_request' }}" : false,
    );
  });

  it('let deploy and destroy wait for each other', () => {
    expect(readWorkflow('deploy').concurrency).toEqual(readWorkflow('destroy').concurrency);
  });

  it.each(jobs)('%s has an end, its own few rights, and a fixed machine', (_, job) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
    expect(job['runs-on']).toBe('ubuntu-24.04');
    const rights = Object.entries(job.permissions ?? {}).map(([scope, level]) => `${scope}: ${level}`);
    expect(rights).toContain('contents: read');
    expect(rights.filter((right) => right.endsWith('write'))).toEqual(
      rights.filter((right) => ['pull-requests: write', 'issues: write'].includes(right)),
    );
  });

  it.each([...WORKFLOW_NAMES.map((name) => [name, workflowText(name)]), ['prepare', actionText]])(
    '%s pins every action by commit, with its version beside it',
    (_, text) => {
      const uses = [...text.matchAll(/uses: (.*)/g)].map(([, use]) => use!);
      const foreign = uses.filter((use) => !use.startsWith('./'));
      for (const use of foreign) expect(use).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it('use one version of each action', () => {
    const uses = new Set(allSteps.flatMap(({ uses }) => (uses?.includes('@') ? [uses] : [])));
    const actions = [...uses].map((use) => use.replace(/@.*/, ''));
    expect(actions).toEqual([...new Set(actions)]);
  });

  it('leave no credentials in the checkout', () => {
    for (const { uses, with: inputs } of allSteps) {
      if (uses?.startsWith('actions/checkout')) expect(inputs).toMatchObject({ 'persist-credentials': false });
    }
  });

  it.each(commands)('run what a person can run: %s', (command) => {
    expect(command).toMatch(/^(npx (forge|cdktf)|npm run|make) [^\n;|&<>`$]*("\$CONFIRM")?$/);
  });

  it('name only npm scripts and make targets that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { scripts: object };
    const makefile = readFileSync(join(CHECKOUT, 'Makefile'), 'utf8');
    for (const command of commands) {
      const script = /^npm run (?:--silent )?(\S+)/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      const target = /^make (\S+)/.exec(command)?.[1];
      if (target !== undefined) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'));
    }
  });

  it('hand a secret only to the step that needs it, as an environment variable', () => {
    for (const [, workflow] of workflows) {
      const { jobs, ...rest } = workflow;
      expect(secretsOf(rest)).toEqual([]);
      for (const { steps, ...job } of Object.values(jobs)) {
        expect(secretsOf(job)).toEqual([]);
        for (const { env, ...step } of steps) {
          expect(secretsOf(step)).toEqual([]);
          for (const [name, value] of Object.entries(env ?? {})) {
            const [secret] = secretsOf(value);
            if (secret !== undefined) expect(secret).toBe(name === 'GITHUB_TOKEN' ? 'FORGE_GITHUB_TOKEN' : name);
          }
        }
      }
    }
  });

  it('need no secret for ci, so that forks get it', () => {
    expect(secretsOf(readWorkflow('ci'))).toEqual([]);
  });

  it('plan only for branches of the repository itself', () => {
    const { plan } = readWorkflow('plan').jobs;
    expect(plan?.if).toBe('github.event.pull_request.head.repo.full_name == github.repository');
  });

  it.each(jobs.filter(([, { steps }]) => steps.some(({ run }) => run === 'npx forge access open')))(
    '%s closes the API that it opened, whatever happens, and before it says what it found',
    (_, { steps }) => {
      const open = steps.findIndex(({ run }) => run === 'npx forge access open');
      const close = steps.findIndex(({ run }) => run === 'npx forge access close');
      expect(close).toBeGreaterThan(open);
      expect(steps[close]).toMatchObject({ if: 'always()', env: steps[open]!.env });
    },
  );

  it('let no plan leave the machine, and the kubeconfig for a day', () => {
    const uploads = allSteps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact'));
    expect(uploads.map(({ with: inputs }) => inputs)).toEqual([
      { name: 'kubeconfig.yaml', path: 'kubeconfig.yaml', 'retention-days': 1 },
      { name: 'plan', path: 'plans/reviewed.json\nplans/comment.md\n', 'if-no-files-found': 'error' },
    ]);
  });

  it('leave the kubeconfig also when a layer is not Healthy, and never one that is not sealed', () => {
    const { steps } = readWorkflow('deploy').jobs['gitops']!;
    const after = (id: string) =>
      steps.find(
        (step) => step.if === `always() && steps.${id}.outcome == 'success'` && step.name !== 'Say what runs now',
      );
    expect(after('open')?.run).toBe('npx forge kubeconfig --out kubeconfig.yaml');
    expect(after('kubeconfig')?.run).toBe('npx forge kubeconfig seal kubeconfig.yaml');
    expect(after('seal')?.uses).toMatch(/^actions\/upload-artifact@/);
  });

  it('deploy in four jobs, one after the other, and compare with the review before anything changes', () => {
    const deploy = Object.entries(readWorkflow('deploy').jobs);
    expect(deploy.map(([, { name }]) => name)).toEqual(['1-provision', '2-cluster', '3-infra-secrets', '4-gitops']);
    expect(deploy.map(([, { needs }]) => needs)).toEqual([undefined, ...deploy.slice(0, -1).map(([id]) => id)]);
    const first = deploy[0]![1].steps.map(({ run = '' }) => run);
    const check = first.findIndex((run) => run.startsWith('npx forge plan check'));
    const change = first.findIndex((run) => run.startsWith('npx cdktf deploy'));
    expect([check > 0, change > check]).toEqual([true, true]);
  });

  it('destroy nothing without the typed name, which never becomes part of a script', () => {
    const { on, jobs } = readWorkflow('destroy');
    expect(on['workflow_dispatch'].inputs.confirm.required).toBe(true);
    const step = jobs['destroy']!.steps.find(({ run }) => run?.startsWith('npx forge destroy'));
    expect(step?.run).toBe('npx forge destroy --confirm "$CONFIRM"');
    expect(step?.env?.['CONFIRM']).toBe('${{ inputs.confirm }}');
  });

  it('pass every variable that forge.yaml names: docs/delivery.md says what to add for a new one', () => {
    const named = secretVariables(loadConfig(join(CHECKOUT, 'forge.yaml')));
    const step = readWorkflow('deploy').jobs['infra-secrets']!.steps.find(({ run }) =>
      run?.startsWith('npx cdktf deploy github-secrets'),
    );
    const passed = Object.entries(step?.env ?? {}).flatMap(([name, value]) =>
      value === `\${{ secrets.${name} }}` ? [name] : [],
    );
    expect(passed).toEqual(expect.arrayContaining(named));
    const others = ['SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY'];
    expect(passed.filter((name) => !named.includes(name))).toEqual(others);
  });

  it('take no secret that docs/delivery.md does not explain', () => {
    const ofForgeYaml = secretVariables(loadConfig(join(CHECKOUT, 'forge.yaml')));
    const others = secretsOf(workflows).filter((name) => !ofForgeYaml.includes(name));
    for (const name of others) expect(delivery).toContain(`\`${name}\``);
  });
});
