import { readFileSync } from 'node:fs';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { getEnvironment, putEnvironment } from '#sandbox/cloud/github/environments';
import { seal } from '#sandbox/cloud/github/sealed-box';
import { getPublicKey, putSecret, secretForWorkflow } from '#sandbox/cloud/github/secrets';
import { webPage } from '#sandbox/cloud/github/session';
import { deleteVariable, updateVariable } from '#sandbox/cloud/github/variables';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import {
  GITHUB_TOKEN,
  READER_TOKEN,
  removeSampleGithubs,
  REPOSITORY,
  sampleGithub,
  type SampleGithub,
} from '#test/sandbox/cloud/github/sample-github';
import { terraformProject, type TerraformProject } from '../terraform-project';

jest.setTimeout(60_000);
afterAll(removeSampleGithubs);

const repository = 'forge';
const resources = (key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 argocd') => ({
  github_actions_variable: { domain: { repository, variable_name: 'FORGE_DOMAIN', value: 'example.org' } },
  github_actions_secret: { kubeconfig: { repository, secret_name: 'FORGE_KUBECONFIG', plaintext_value: 'planted' } },
  github_repository_environment: {
    production: {
      repository,
      environment: 'production',
      wait_timer: 5,
      reviewers: [{ users: [7] }],
      deployment_branch_policy: [{ protected_branches: true, custom_branch_policies: false }],
    },
  },
  github_actions_environment_secret: {
    token: {
      repository,
      environment: '${github_repository_environment.production.environment}',
      secret_name: 'TOKEN',
      plaintext_value: 'planted-too',
    },
  },
  github_repository_webhook: {
    argocd: {
      repository,
      events: ['push'],
      configuration: [{ url: 'https://argocd.example.org/api/webhook', secret: 'planted-hook', content_type: 'json' }],
    },
  },
  github_repository_deploy_key: { argocd: { repository, title: 'Argo CD', key } },
});
const github = { provider: { github: { owner: REPOSITORY.owner, token: GITHUB_TOKEN } } };

describe('a repository on the emulated GitHub, with the real Terraform', () => {
  let sample: SampleGithub;
  let project: TerraformProject;

  beforeEach(async () => {
    sample = await sampleGithub();
    project = await terraformProject([provider(githubProvider(sample.github))]);
    project.configure(resources(), github);
    await project.apply();
  });
  afterEach(() => project.close());

  it('is applied once, is then as planned, and is empty when it is destroyed', async () => {
    expect(await project.plan()).toEqual([]);
    expect(secretForWorkflow(sample.github, REPOSITORY, 'FORGE_KUBECONFIG')).toBe('planted');
    const production = { ...REPOSITORY, environment: 'production' };
    expect(secretForWorkflow(sample.github, production, 'TOKEN')).toBe('planted-too');
    await project.destroy();
    expect(sample.github.state.repositories).toMatchObject([
      { variables: [], secrets: [], environments: [], webhooks: [], deployKeys: [] },
    ]);
  });

  it('shows no secret in a plan, and keeps none in clear on its side', async () => {
    project.configure(resources('ssh-ed25519 AAAAC3NzaC1lZDI1NTE6 other'), github);
    const { output } = await project.terraform('plan', '-no-color', '-replace=github_actions_secret.kubeconfig');
    expect(output).toContain('must be replaced');
    expect(output).not.toContain('planted');
    expect(readFileSync(sample.file, 'utf8')).not.toContain('planted"');
  });

  it('has its drift found and repaired', async () => {
    const owner = webPage(sample.github);
    await updateVariable(owner, REPOSITORY, 'FORGE_DOMAIN', 'example.com');
    const { id: keyId, key } = await getPublicKey(owner, REPOSITORY);
    await putSecret(owner, REPOSITORY, 'FORGE_KUBECONFIG', { keyId, box: seal('other', key) });
    const environment = await getEnvironment(owner, REPOSITORY, 'production');
    await putEnvironment(owner, REPOSITORY, 'production', { ...environment, waitTimer: 0 });

    expect(await project.plan()).toEqual(
      expect.arrayContaining([
        { address: 'github_actions_variable.domain', actions: ['update'] },
        { address: 'github_actions_secret.kubeconfig', actions: ['create'] },
        { address: 'github_repository_environment.production', actions: ['update'] },
      ]),
    );
    await deleteVariable(owner, REPOSITORY, 'FORGE_DOMAIN');
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(secretForWorkflow(sample.github, REPOSITORY, 'FORGE_KUBECONFIG')).toBe('planted');
  });

  it('takes a key with another comment for the same, and another key for a new one', async () => {
    project.configure(resources('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 renamed'), github);
    expect(await project.plan()).toEqual([]);
    project.configure(resources('ssh-ed25519 AAAAC3NzaC1lZDI1NTE6 argocd'), github);
    expect(await project.plan()).toEqual([
      { address: 'github_repository_deploy_key.argocd', actions: ['delete', 'create'] },
    ]);
  });

  it('can be imported into an empty state', async () => {
    const [{ webhooks, deployKeys }] = sample.github.state.repositories as [never];
    const ids: Record<string, string> = {
      'github_actions_variable.domain': 'forge:FORGE_DOMAIN',
      'github_repository_environment.production': 'forge:production',
      'github_repository_webhook.argocd': `forge/${(webhooks as { id: number }[])[0]!.id}`,
      'github_repository_deploy_key.argocd': `forge:${(deployKeys as { id: number }[])[0]!.id}`,
    };
    for (const [address, id] of Object.entries(ids)) {
      await project.terraform('state', 'rm', address);
      const { code, output } = await project.terraform('import', '-no-color', address, id);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    }
    // Nobody can read the webhook's secret back.
    expect(await project.plan()).toEqual([{ address: 'github_repository_webhook.argocd', actions: ['update'] }]);
  });

  it('refuses what a token may not do, names that GitHub does not take, and unknown repositories', async () => {
    const variable = (change: object) => ({
      github_actions_variable: { extra: { repository, variable_name: 'EXTRA', value: '1', ...change } },
    });
    const deployKey = { github_repository_deploy_key: resources().github_repository_deploy_key };
    const apply = () => project.terraform('apply', '-no-color', '-auto-approve');
    await project.destroy();

    project.configure(deployKey, { provider: { github: { owner: REPOSITORY.owner, token: READER_TOKEN } } });
    expect((await apply()).output).toMatch(/403 Resource not accessible by personal access token/);
    project.configure(variable({ variable_name: 'GITHUB_EXTRA' }), github);
    expect((await apply()).output).toContain('must not start with the GITHUB_ prefix');
    project.configure(variable({ repository: 'other' }), github);
    expect((await apply()).output).toMatch(/repos\/example\/other\/actions\/variables: 404\s+Not Found/);
  });
});
