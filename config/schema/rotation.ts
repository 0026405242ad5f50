/** Which generation of what Terraform itself makes and keeps secret. */
import { z } from 'zod';
import { integer } from './values';

function generation(what: string): z.ZodDefault<z.ZodInt> {
  return integer(1, 999, 'a whole number, 1 to 999').default(1).describe(`${what} Raise it for a new one.`);
}

export const rotation = z
  .strictObject({
    webhookSecret: generation('The secret by which Argo CD knows that a push comes from GitHub.'),
    deployKey: generation('The SSH key with which Argo CD reads the repository.'),
    backupKey: generation('The Spaces key of the backups.'),
    snapshotKey: generation('The Spaces key of the etcd snapshots. Servers must be told: docs/rotation.md.'),
    slackWebhook: generation('The webhook of `alerts.slack`, which you make.'),
    loginClients: generation('The secrets by which Argo CD, Gitea and Jenkins show themselves at the login.'),
    joinTokens: generation(
      'The passwords by which machines join the cluster. Running servers must be told, at once: docs/rotation.md.',
    ),
    adminCertificate: generation("The administrator's certificate for the Kubernetes API."),
  })
  .prefault({})
  .describe('Generations of the secrets that Terraform keeps.');
