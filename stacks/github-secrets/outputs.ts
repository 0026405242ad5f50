import { plain } from '../contract';

/** What the `github-secrets` stack publishes. */
export const githubSecretsOutputs = {
  webhookUrl: plain('Where GitHub announces pushes to Argo CD'),
} as const;
