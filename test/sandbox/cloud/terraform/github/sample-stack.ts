/** What the stacks make at GitHub, in small. */
import { GITHUB_TOKEN } from '#test/sandbox/cloud/github/sample-github';
import type { Resources } from '../terraform-project';

/** Provider block. */
export const PROVIDER = { github: { owner: 'example', token: GITHUB_TOKEN } };

const repository = 'forge';

export function sampleStack({
  value = 'example.org',
  secret = 'planted',
  events = ['push'],
  key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 argocd',
} = {}): Resources {
  const configuration = { url: 'https://argocd.example.org/api/webhook', secret: 'planted-hook', content_type: 'json' };
  return {
    github_actions_variable: { domain: { repository, variable_name: 'FORGE_DOMAIN', value } },
    github_actions_secret: { kubeconfig: { repository, secret_name: 'FORGE_KUBECONFIG', plaintext_value: secret } },
    github_repository_webhook: { argocd: { repository, events, configuration: [configuration] } },
    github_repository_deploy_key: { argocd: { repository, title: 'Argo CD', key } },
  };
}
