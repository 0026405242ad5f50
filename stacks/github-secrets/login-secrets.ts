/** What the login and the tools need to know each other by. */
import { LOGIN_CLIENT_SECRET } from '#config/login';
import type { ForgeConfig } from '#config/schema';
import type { loginOutputs } from '../cluster/outputs';
import type { OutputsOf } from '../contract';
import type { SecretEntry } from './kubernetes-secret';

/** The first is read by k8s/01-init/dex.yaml, the others by the tools. */
export function loginSecrets(
  { github }: NonNullable<ForgeConfig['login']>,
  { loginArgocd, loginGitea, loginJenkins }: OutputsOf<typeof loginOutputs>,
): SecretEntry[] {
  const clients = {
    ARGOCD_CLIENT_SECRET: loginArgocd,
    GITEA_CLIENT_SECRET: loginGitea,
    JENKINS_CLIENT_SECRET: loginJenkins,
  };
  const application: Record<string, string> = github ? { GITHUB_CLIENT_SECRET: LOGIN_CLIENT_SECRET } : {};
  return [
    { ...inRt('dex-secret', 'layer-01-init'), data: application, references: clients },
    { ...inRt('gitea-login-secret', 'layer-03-apps'), references: { clientSecret: loginGitea } },
    { ...inRt('jenkins-login-secret', 'layer-03-apps'), references: { clientSecret: loginJenkins } },
  ];
}

function inRt(name: string, layer: SecretEntry['layer']): SecretEntry {
  return { name, namespace: 'rt', layer, type: 'Opaque', data: {} };
}
