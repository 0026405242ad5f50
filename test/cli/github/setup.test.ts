import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { githubCommand } from '#cli/github/command';
import { ALLOWED_ACTIONS, REQUIRED_CHECKS } from '#cli/github/setup/repository';
import { secretNames } from '#cli/github/setup/secrets';
import { GITHUB_ENVIRONMENTS } from '#config/delivery-access';
import { loadConfig } from '#config/load';
import { unseal, type KeyPair } from '#sandbox/cloud/github/sealed-box';
import { REPO, sampleGithub, type SampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../../..');
const PERMISSIONS = ['actions:read', 'administration:write', 'environments:write', 'contents:read'];
const OWNER = 'github_pat_of-the-owner';
const config = loadConfig(join(ROOT, 'forge.yaml'));

describe('forge github setup', () => {
  let sample: SampleGithub;
  let checkout: string;
  let output: string;
  let asked: string[];
  beforeEach(async () => {
    sample = await sampleGithub([{ value: OWNER, permissions: PERMISSIONS }]);
    checkout = newFolder('setup');
    mkdirSync(join(checkout, '.github'));
    writeFileSync(join(checkout, '.github/CODEOWNERS'), '* @example/people\n');
    [output, asked] = ['', []];
  });

  const everyValue = Object.fromEntries(
    GITHUB_ENVIRONMENTS.flatMap((one) =>
      secretNames(config, one).map((name) => [`${one.toUpperCase()}_${name}`, `value-of-${one}-${name}`]),
    ),
  );
  const setUp = async (args: string[], env: NodeJS.ProcessEnv = everyValue, answer?: string): Promise<void> => {
    output = '';
    const write = (text: string) => void (output += text);
    const ask = (question: string) => (asked.push(question), Promise.resolve(answer!));
    const terminal = {
      env: { FORGE_CONFIG: join(ROOT, 'forge.yaml'), GITHUB_API_URL: sample.github.url, GITHUB_TOKEN: OWNER, ...env },
      write,
      notify: write,
      ask: answer === undefined ? undefined : ask,
      askHidden:
        answer === undefined ? undefined : (question: string) => ask(question).then(() => `value-${asked.length}`),
    };
    await githubCommand(terminal, checkout)
      .exitOverride()
      .parseAsync(['setup', ...args], { from: 'user' });
  };
  const pushMain = () => sample.github.deliver('push', { ref: 'refs/heads/main' }, () => undefined);
  const secretsOf = (environment: string) => {
    const { environment_secrets: secrets = [], public_keys: keys } = sample.saved() as unknown as {
      environment_secrets?: { environment: string; name: string; encrypted_value: string }[];
      public_keys: [KeyPair];
    };
    const held = secrets.filter((secret) => secret.environment === environment);
    return Object.fromEntries(held.map((secret) => [secret.name, unseal(secret.encrypted_value, keys[0])]));
  };

  it('makes environments, secrets, settings and rules, and finds nothing to do the second time', async () => {
    await pushMain();
    await setUp(['--yes', '--reviewer', 'alice', '--reviewer', 'bob']);
    await setUp(['--check']);
    expect(output).toContain('example/forge is as docs/delivery.md describes it.');
    for (const name of ['approval', 'plan']) {
      const { body } = await sample.call('GET', `${REPO}/environments/${name}`);
      expect(body.protection_rules[0].reviewers).toHaveLength(2);
    }
    const policies = await Promise.all(
      ['approval', 'production', 'drift'].map((name) =>
        sample.call('GET', `${REPO}/environments/${name}/deployment-branch-policies`),
      ),
    );
    expect(policies.map(({ body }) => body.branch_policies.map(({ name }: { name: string }) => name))).toEqual([
      ['main'],
      ['main'],
      ['main'],
    ]);
    expect((await sample.call('GET', `${REPO}/environments/plan`)).body.deployment_branch_policy).toBeNull();
    for (const name of GITHUB_ENVIRONMENTS) {
      const wanted = secretNames(config, name).map((secret) => [secret, `value-of-${name}-${secret}`]);
      expect(secretsOf(name)).toEqual(Object.fromEntries(wanted));
    }
  });

  it('shows no value, in no line', async () => {
    await setUp(['--yes', '--reviewer', 'alice']).catch(() => undefined);
    expect(output).toContain('done: set the secret DIGITALOCEAN_TOKEN of plan');
    expect(output).not.toContain('value-of');
  });

  it('lists what is missing and changes nothing with --check', async () => {
    await expect(setUp(['--check'], {})).rejects.toMatchObject({ exitCode: 1 });
    expect(output).toContain('+ make the environment production: only main, no reviewers');
    expect(output).toContain('! nobody is asked before a deploy');
    expect(output).toContain('! nobody is asked before a plan of a branch');
    expect(output).toContain('! main is not protected yet: push it');
    expect(output).toContain('! no value for the secret DIGITALOCEAN_TOKEN of plan: set PLAN_DIGITALOCEAN_TOKEN');
    expect(sample.saved()).not.toHaveProperty('environments');
  });

  it('lists the same for programs with --json, which changes nothing either', async () => {
    await expect(setUp(['--check', '--json'], {})).rejects.toMatchObject({ exitCode: 1 });
    expect(JSON.parse(output.replace(/^Looking at .*\n/, ''))).toEqual(
      expect.arrayContaining([
        { what: 'make the environment production: only main, no reviewers', by: 'setup' },
        { what: 'main is not protected yet: push it, then run this again', by: 'you' },
      ]),
    );
    await expect(setUp(['--json', '--yes'])).rejects.toMatchObject({ exitCode: 2 });
    expect(sample.saved()).not.toHaveProperty('environments');
  });

  it('does the rest when something is missing, says what, and goes on from there', async () => {
    const { PLAN_DIGITALOCEAN_TOKEN: token, ...others } = everyValue;
    await expect(setUp(['--yes', '--reviewer', 'alice'], others)).rejects.toMatchObject({ exitCode: 1 });
    expect(Object.keys(secretsOf('plan'))).toHaveLength(3);
    await pushMain();
    await setUp(['--yes'], { PLAN_DIGITALOCEAN_TOKEN: token });
    expect(output.match(/^done: .*/gm)).toEqual([
      'done: protect main',
      'done: set the secret DIGITALOCEAN_TOKEN of plan',
    ]);
  });

  it('asks for what no variable holds, without showing it, and before it changes anything', async () => {
    await pushMain();
    await expect(setUp(['--reviewer', 'alice'], {}, 'no')).rejects.toThrow('Nothing was changed.');
    expect(asked.filter((question) => question.includes('hidden'))).toHaveLength(
      GITHUB_ENVIRONMENTS.flatMap((name) => secretNames(config, name)).length,
    );
    expect(sample.saved()).not.toHaveProperty('environments');
  });

  it('takes those of production as a deploy at a keyboard has them, and gives one a new value when told', async () => {
    await pushMain();
    const production = Object.entries(everyValue).map(([name, value]) => [name.replace(/^PRODUCTION_/, ''), value]);
    await setUp(['--yes', '--reviewer', 'alice'], Object.fromEntries(production));
    await setUp(['--yes', '--renew', 'BACKUP_PASSWORD'], { BACKUP_PASSWORD: 'a new one' });
    expect(secretsOf('production')).toMatchObject({ BACKUP_PASSWORD: 'a new one' });
    expect(output).toContain('keep it somewhere else as well');
  });

  it('puts back what somebody changed', async () => {
    await pushMain();
    await setUp(['--yes', '--reviewer', 'alice']);
    await sample.call('PUT', `${REPO}/environments/production`, { deployment_branch_policy: null });
    await sample.call('PUT', `${REPO}/actions/permissions`, { enabled: true, allowed_actions: 'all' });
    const { body } = await sample.call('GET', `${REPO}/rulesets`);
    const { body: rules } = await sample.call('GET', `${REPO}/rulesets/${body[0].id}`);
    await sample.call('PUT', `${REPO}/rulesets/${body[0].id}`, { ...rules, enforcement: 'disabled' });
    await setUp(['--yes']);
    expect(output.match(/^done: .*/gm)).toHaveLength(3);
    await setUp(['--check']);
  });

  it.each([
    ['a token of production for plan', { PLAN_FORGE_GITHUB_TOKEN: everyValue['PRODUCTION_FORGE_GITHUB_TOKEN'] }],
    ['a token with a line break', { DRIFT_DIGITALOCEAN_TOKEN: 'dop_v1_abc\n' }],
    ['a token with quotes', { PRODUCTION_FORGE_GITHUB_TOKEN: '"dop_v1_abc"' }],
  ])('refuses %s before it changes anything, and does not show it', async (_, changes) => {
    const failure = await setUp(['--yes'], { ...everyValue, ...changes }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ exitCode: 2 });
    expect(`${String(failure)}${output}`).not.toMatch(/value-of|dop_v1_abc/);
    expect(sample.saved()).not.toHaveProperty('environments');
  });

  it('needs the permissions that it names, and says so when one is missing', async () => {
    await expect(setUp(['--yes'], { ...everyValue, GITHUB_TOKEN: 'ghp_reader' })).rejects.toThrow(
      'Administration: write',
    );
  });

  it('says that the owners of the code are still those of the example', async () => {
    cpSync(join(ROOT, '.github/CODEOWNERS'), join(checkout, '.github/CODEOWNERS'));
    await expect(setUp(['--check'])).rejects.toMatchObject({ exitCode: 1 });
    expect(output).toContain('! write whom you trust into .github/CODEOWNERS');
  });

  it('requires checks that are jobs, and allows every action that a workflow uses', () => {
    const jobs = ['ci', 'plan'].flatMap((name) => {
      const workflow = parse(readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8')) as {
        jobs: Record<string, { name: string }>;
      };
      return Object.values(workflow.jobs).map((job) => job.name);
    });
    expect(jobs).toEqual(expect.arrayContaining([...REQUIRED_CHECKS]));
    const delivery = readFileSync(join(ROOT, 'docs/delivery.md'), 'utf8');
    for (const text of [...REQUIRED_CHECKS, ...ALLOWED_ACTIONS]) expect(delivery).toContain(`\`${text}\``);
  });
});
