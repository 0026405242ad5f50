import { readFileSync } from 'node:fs';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { READER_TOKEN, REPO, sampleGithub, type SampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { PROVIDER, sampleStack } from './sample-stack';

jest.setTimeout(60_000);

describe('a repository on the emulated GitHub, with the real Terraform', () => {
  let sample: SampleGithub;
  let project: TerraformProject;

  beforeEach(async () => {
    sample = await sampleGithub();
    project = await terraformProject([provider(githubProvider(sample.github.url))], PROVIDER);
    project.configure(sampleStack());
    await project.apply();
  });

  it('is applied once, is then as planned, and is empty when it is destroyed', async () => {
    expect(await project.plan()).toEqual([]);
    expect(sample.secretForWorkflow('FORGE_KUBECONFIG')).toBe('planted');
    await project.destroy();
    expect(sample.saved()).toMatchObject({ variables: [], secrets: [], hooks: [], keys: [] });
  });

  it('shows no secret in a plan, and keeps none in clear on its side', async () => {
    project.configure(sampleStack({ key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE6 other' }));
    const { output } = await project.terraform('plan', '-no-color', '-replace=github_actions_secret.kubeconfig');
    expect(output).toContain('must be replaced');
    expect(output).not.toContain('planted');
    expect(readFileSync(sample.file, 'utf8')).not.toContain('planted"');
  });

  it('has its drift found and repaired', async () => {
    const { call } = sample;
    await call('PATCH', `${REPO}/actions/variables/FORGE_DOMAIN`, { value: 'example.com' });
    await sample.putSecret('FORGE_KUBECONFIG', 'other');
    expect(await project.plan()).toEqual(
      expect.arrayContaining([
        { address: 'github_actions_variable.domain', actions: ['update'] },
        { address: 'github_actions_secret.kubeconfig', actions: ['create'] },
      ]),
    );
    await call('DELETE', `${REPO}/actions/variables/FORGE_DOMAIN`);
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(sample.secretForWorkflow('FORGE_KUBECONFIG')).toBe('planted');
  });

  it('takes a key with another comment for the same, and another key for a new one', async () => {
    project.configure(sampleStack({ key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 renamed' }));
    expect(await project.plan()).toEqual([]);
    project.configure(sampleStack({ key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE6 argocd' }));
    expect(await project.plan()).toEqual([
      { address: 'github_repository_deploy_key.argocd', actions: ['delete', 'create'] },
    ]);
  });

  it('can be imported into an empty state', async () => {
    const { hooks, keys } = sample.saved() as Record<string, [{ id: number }]>;
    const ids: Record<string, string> = {
      'github_actions_variable.domain': 'forge:FORGE_DOMAIN',
      'github_repository_webhook.argocd': `forge/${hooks![0].id}`,
      'github_repository_deploy_key.argocd': `forge:${keys![0].id}`,
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
      github_actions_variable: { extra: { repository: 'forge', variable_name: 'EXTRA', value: '1', ...change } },
    });
    const { github_repository_deploy_key: key } = sampleStack({ key: 'no key' });
    const apply = () => project.terraform('apply', '-no-color', '-auto-approve');
    await project.destroy();

    project.configure(
      { github_repository_deploy_key: key! },
      { provider: { github: { ...PROVIDER.github, token: READER_TOKEN } } },
    );
    expect((await apply()).output).toMatch(/403\s+Resource\s+not\s+accessible\s+by\s+personal\s+access\s+token/);
    project.configure({ github_repository_deploy_key: key! });
    expect((await apply()).output).toMatch(/422\s+Validation\s+Failed\s+\[\{Resource:PublicKey\s+Field:key/);
    project.configure(variable({ variable_name: 'GITHUB_EXTRA' }));
    expect((await apply()).output).toContain('must not start with the GITHUB_ prefix');
    project.configure(variable({ repository: 'other' }));
    expect((await apply()).output).toMatch(/repos\/example\/other\/actions\/variables: 404\s+Not\s+Found/);
  });
});
