import { plain, secret } from '../contract';

/** What the `cluster` stack publishes. */
export const clusterOutputs = {
  webhookSecret: secret('Shared secret that proves to Argo CD that a push event comes from GitHub'),
  deployKey: plain('Public SSH key with which Argo CD reads the repository'),
} as const;
