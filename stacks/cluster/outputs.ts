import { plain, secret } from '../contract';

/** What the `cluster` stack publishes. */
export const clusterOutputs = {
  webhookSecret: secret('Shared secret that proves to Argo CD that a push event comes from GitHub'),
  deployKey: plain('Public SSH key with which Argo CD reads the repository'),
} as const;

/** And with a login in forge.yaml. */
export const loginOutputs = {
  loginArgocd: secret('By which Argo CD shows itself at the login'),
  loginGitea: secret('By which Gitea shows itself at the login'),
  loginJenkins: secret('By which Jenkins shows itself at the login'),
} as const;
