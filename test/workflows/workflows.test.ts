import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { secretVariables } from '#config/environment';
import { loadConfig } from '#config/load';
import { FIRST_CHANGE } from '#cli/plan/newer-deploy';
import { BRANCH } from '#cli/plan/reviewed-run';
import { allJobs, CHECKOUT, readWorkflow, WORKFLOW_NAMES, workflowText, type Job, type Step } from './workflow-file';

const ACTION_FILE = join(CHECKOUT, '.github/actions/prepare/action.yml');
const actionText = readFileSync(ACTION_FILE, 'utf8');
const actionSteps = (parse(actionText) as { runs: { steps: Step[] } }).runs.steps;
const workflows = WORKFLOW_NAMES.map((name) => [name, readWorkflow(name)] as const);
const jobs = workflows.flatMap(([name, workflow]) =>
  Object.values(workflow.jobs).map((job) => [`${name}: ${job.name}`, job] as [string, Job]),
);
const allSteps = [...actionSteps, ...jobs.flatMap(([, { steps }]) => steps)];
/** Without the one that collects what went wrong in a sandbox. */
const commands = allSteps.flatMap(({ run, name }) =>
  run === undefined || name === 'Consoles of the machines' ? [] : [run],
);
const delivery = readFileSync(join(CHECKOUT, 'docs/delivery.md'), 'utf8');

/** Names of the secrets that a part of a workflow takes. */
function secretsOf(part: unknown): string[] {
  return [...new Set([...JSON.stringify(part).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name!))];
}

describe('the workflows', () => {
  it('start for pull requests without the rights of the repository', () => {
    const triggers = new Set(workflows.flatMap(([, { on }]) => Object.keys(on)));
    const without = ['pull_request', 'push', 'schedule', 'workflow_dispatch'];
    expect([...triggers].sort()).toEqual(['merge_group', ...without, 'workflow_call'].sort());
  });

  it.each(workflows)('%s gives no right to all jobs', (_, { permissions }) => expect(permissions).toEqual({}));

  it.each(workflows.filter(([name]) => !['deploy', 'destroy', 'stacks'].includes(name)))(
    '%s takes turns',
    (name, { concurrency }) => {
      expect(concurrency?.group).toMatch(/^(production-drift|real-sandbox-.*|plan-\$\{\{ github\.ref \}\}|ci-.*)$/);
      expect(concurrency?.['cancel-in-progress']).toBe(
        ['ci', 'real-sandbox'].includes(name) ? "${{ github.event_name == 'pull_request' }}" : false,
      );
    },
  );

  it('let deploy and destroy wait for each other, each as a whole, and for no approval', () => {
    const turns = { group: 'production', 'cancel-in-progress': false, queue: 'max' };
    const [deploy, destroy] = [readWorkflow('deploy'), readWorkflow('destroy')];
    for (const whole of [deploy, destroy, readWorkflow('stacks')]) expect(whole.concurrency).toBeUndefined();
    for (const { jobs } of [deploy, destroy]) {
      const [[gate, approve], [, work]] = Object.entries(jobs) as [[string, Job], [string, Job]];
      expect(approve).toMatchObject({ environment: 'approval' });
      expect(approve.concurrency).toBeUndefined();
      expect(work).toMatchObject({ needs: gate, concurrency: turns });
      expect(Object.keys(jobs)).toHaveLength(2);
    }
  });

  it('ask for one approval: no job after it is in an environment that asks', () => {
    for (const name of ['deploy', 'destroy']) {
      const environments = allJobs(readWorkflow(name)).flatMap(({ environment }) => environment ?? []);
      expect(environments.filter((environment) => environment === 'approval')).toHaveLength(1);
      expect(new Set(environments)).toEqual(new Set(['approval', 'production']));
    }
  });

  it('change an environment from main only, and by no push that makes main', () => {
    expect(readWorkflow('deploy').jobs['approve']?.if).toBe("github.ref == 'refs/heads/main' && !github.event.created");
    expect(readWorkflow('destroy').jobs['approve']?.if).toBe("github.ref == 'refs/heads/main'");
    expect(Object.keys(readWorkflow('stacks').on)).toEqual(['workflow_call']);
  });

  it.each(jobs.filter(([, { uses }]) => uses === undefined))('%s has an end, and a fixed machine', (_, job) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
    expect(job['runs-on']).toBe('ubuntu-24.04');
  });

  it.each(jobs)('%s has its own few rights', (_, job) => {
    const rights = Object.entries(job.permissions!).map(([scope, level]) => `${scope}: ${level}`);
    expect(rights.filter((right) => right.endsWith('write'))).toEqual(
      rights.filter((right) => ['pull-requests: write', 'issues: write', 'security-events: write'].includes(right)),
    );
  });

  it.each([...WORKFLOW_NAMES.map((name) => [name, workflowText(name)]), ['prepare', actionText]])(
    '%s pins every action by commit, with its version beside it',
    (_, text) => {
      const uses = [...text.matchAll(/uses: (.*)/g)].map(([, use]) => use!);
      const foreign = uses.filter((use) => !use.startsWith('./'));
      for (const use of foreign) expect(use).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it('use one version of each action', () => {
    const uses = new Set(allSteps.flatMap(({ uses }) => (uses?.includes('@') ? [uses] : [])));
    // One repository may hold several actions.
    const repositories = new Set([...uses].map((use) => use.replace(/^([^/]+\/[^/@]+)[^@]*/, '$1')));
    const names = [...repositories].map((use) => use.replace(/@.*/, ''));
    expect(names).toEqual([...new Set(names)]);
  });

  it('leave no credentials in the checkout', () => {
    for (const { uses, with: inputs } of allSteps) {
      if (uses?.startsWith('actions/checkout')) expect(inputs).toMatchObject({ 'persist-credentials': false });
    }
  });

  it.each(commands)('run what a person can run: %s', (command) => {
    expect(command).toMatch(
      /^((npx (forge|cdktf)|npm run|make|echo) [^\n;|&<>`$]*("\$(CONFIRM( may end\.)?|SERVERS|SHARD)")?|test "\$RESULT" = success)$/,
    );
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
        // Whom the jobs of deploy call, in the same commit.
        if (job.secrets !== undefined) expect(job).toMatchObject({ uses: './.github/workflows/stacks.yml' });
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

  it.each(['ci', 'security'])('need no secret for %s, so that forks get it', (name) => {
    expect(secretsOf(readWorkflow(name))).toEqual([]);
  });

  it('have owners for everything, but for what needs no token', () => {
    const lines = readFileSync(join(CHECKOUT, '.github/CODEOWNERS'), 'utf8').split('\n');
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/\s+/));
    expect(rules).toEqual([['*', expect.stringMatching(/^@/)], ['/bench/'], ['/docs/'], ['/test/']]);
  });

  it('keep programs until their pins change', () => {
    const prepare = readFileSync(join(CHECKOUT, '.github/actions/prepare/action.yml'), 'utf8');
    const [, pins] = /hashFiles\((.+?)\)/.exec(prepare)!;
    // GitHub takes a folder that is not there for an empty one.
    for (const folder of pins!.split(', ').map((pattern) => pattern.replace(/^'|\/\*\*'$/g, ''))) {
      expect([folder, existsSync(join(CHECKOUT, folder))]).toEqual([folder, true]);
    }
  });

  it('keep no program where there is a secret', () => {
    const keeping = jobs.filter(([, { steps }]) =>
      steps.some(({ with: inputs }) => inputs?.['programs'] !== undefined),
    );
    expect(keeping.length).toBeGreaterThan(4);
    for (const [name, job] of keeping) expect([name, secretsOf(job), job.environment]).toEqual([name, [], undefined]);
  });

  it('have one check for all shards of the tests, which fails when one of them fails or was not run', () => {
    const { shards, tests } = readWorkflow('ci').jobs;
    expect(tests).toMatchObject({ name: 'Tests', needs: 'shards', if: 'always()' });
    expect(tests!.steps[0]).toMatchObject({
      run: 'test "$RESULT" = success',
      env: { RESULT: '${{ needs.shards.result }}' },
    });
    const { shard, ...other } = shards!.strategy!.matrix;
    expect([shard, other]).toEqual([shard!.map((_, index) => `${index + 1}/${shard!.length}`), {}]);
  });

  it('install packages without running anything of theirs', () => {
    const files = [actionText, readFileSync(join(CHECKOUT, 'Makefile'), 'utf8')];
    for (const [call] of files.flatMap((text) => [...text.matchAll(/npm (ci|install).*/g)])) {
      expect(call).toContain('--ignore-scripts');
    }
    expect(readFileSync(join(CHECKOUT, '.npmrc'), 'utf8')).toContain('\nignore-scripts=true\n');
  });

  it('plan only for branches of the repository itself', () => {
    const { plan } = readWorkflow('plan').jobs;
    expect(plan?.if).toBe(
      "github.event_name == 'merge_group' || github.event.pull_request.head.repo.full_name == github.repository",
    );
  });

  it('plan only what goes into main, for the one deploy that looks for that pull request', () => {
    const { on, jobs } = readWorkflow('plan');
    expect(on['pull_request'].branches).toEqual([BRANCH]);
    expect(jobs['plan']!.steps.at(-1)!.with!['name']).toBe('plan-${{ github.event.number }}');
  });

  it('let no run that waited, or is run again, change anything after a newer deploy', () => {
    const { provision, cluster, 'infra-secrets': secrets } = readWorkflow('stacks').jobs;
    for (const { steps, permissions } of [provision!, cluster!, secrets!]) {
      const commands = steps.flatMap(({ run }) => run ?? []);
      expect([commands[0], permissions]).toEqual([
        'npx forge plan newer',
        expect.objectContaining({ actions: 'read' }),
      ]);
    }
    const changes = provision!.steps.filter(({ run }) => run?.startsWith('npx cdktf deploy'));
    expect(changes.map(({ name }) => name)).toEqual([FIRST_CHANGE]);
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
    // A sandbox holds nobody's secret, and neither do the tests.
    const others = jobs.filter(([workflow]) => !/^(real-sandbox|ci)/.test(workflow)).flatMap(([, { steps }]) => steps);
    const uploads = others.filter(({ uses }) => uses?.startsWith('actions/upload-artifact'));
    expect(uploads.map(({ with: inputs }) => inputs)).toEqual([
      {
        name: 'plan-${{ github.event.number }}',
        path: 'plans/reviewed.json\nplans/comment.md\n',
        'if-no-files-found': 'error',
      },
      { name: 'kubeconfig.yaml', path: 'kubeconfigs/', 'retention-days': 1 },
    ]);
  });

  it('leave the kubeconfig also when a layer is not Healthy, and never one that is not sealed', () => {
    const { steps } = readWorkflow('stacks').jobs['gitops']!;
    const after = (id: string) =>
      steps.find(
        (step) => step.if === `always() && steps.${id}.outcome == 'success'` && step.name !== 'Say what runs now',
      );
    expect(after('open')?.run).toBe('npx forge kubeconfig seal kubeconfigs');
    expect(after('kubeconfig')?.uses).toMatch(/^actions\/upload-artifact@/);
  });

  it('deploy in four jobs, one after the other, and compare with the review before anything changes', () => {
    const deploy = Object.entries(readWorkflow('stacks').jobs);
    expect(readWorkflow('deploy').jobs['stacks']?.uses).toBe('./.github/workflows/stacks.yml');
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
    const step = readWorkflow('stacks').jobs['infra-secrets']!.steps.find(({ run }) =>
      run?.startsWith('npx cdktf deploy github-secrets'),
    );
    const passed = Object.entries(step?.env ?? {}).flatMap(([name, value]) =>
      value === `\${{ secrets.${name} }}` ? [name] : [],
    );
    expect(passed).toEqual(expect.arrayContaining(named));
    const others = ['LOGIN_CLIENT_SECRET', 'SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY'];
    expect(passed.filter((name) => !named.includes(name)).sort()).toEqual(others);
  });

  it('take no secret that docs/delivery.md does not explain', () => {
    const ofForgeYaml = secretVariables(loadConfig(join(CHECKOUT, 'forge.yaml')));
    const others = secretsOf(workflows).filter((name) => !ofForgeYaml.includes(name));
    for (const name of others) expect(delivery).toContain(`\`${name}\``);
  });
});
