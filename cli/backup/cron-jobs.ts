/** The CronJobs that make backups: k8s/03-apps/backup.yaml. */
import { CommandFailure } from '#clients/failure';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { BACKUP_PREFIX } from '../status/backups';
import { TOOLS } from '../status/snapshot';

export const JOBS = `/apis/batch/v1/namespaces/${TOOLS}/jobs`;
const CRON_JOBS = `/apis/batch/v1/namespaces/${TOOLS}/cronjobs`;

export interface BackupCronJob {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: {
    readonly jobTemplate: { readonly metadata?: { readonly labels?: Record<string, string> }; readonly spec: object };
  };
}

/** @param app undefined for all @throws CommandFailure for one that is not saved */
export async function backupCronJobs(client: KubernetesClient, app: string | undefined): Promise<BackupCronJob[]> {
  const all = (await client.list<BackupCronJob>(CRON_JOBS)).filter(({ metadata }) =>
    metadata.name.startsWith(BACKUP_PREFIX),
  );
  const wanted = all.filter(({ metadata }) => app === undefined || metadata.name === `${BACKUP_PREFIX}${app}`);
  if (wanted.length > 0) return wanted;
  const known = all.map(({ metadata }) => metadata.name.slice(BACKUP_PREFIX.length)).join(', ');
  const message =
    known === '' ? 'The cluster has no backups: layer-03-apps is not there yet.' : `There are backups of: ${known}.`;
  throw new CommandFailure(app === undefined ? message : `Nothing saves ${JSON.stringify(app)}. ${message}`, {
    exitCode: 2,
  });
}
