/** How old the newest backup of each app is, where backups are on. */
import { longestGap } from '#config/cron';
import type { CronJobObject, JobObject } from './api-objects';
import type { BackupStatus } from './platform-status';

/** Start of the names of the CronJobs that make backups (k8s/03-apps/backup.yaml). */
export const BACKUP_PREFIX = 'backup-';
/** One that was missed may be a machine that was away; two are a fault. */
const MISSED = 2;

export function backupStatuses(cronJobs: readonly CronJobObject[], now: Date): BackupStatus[] {
  return cronJobs
    .filter(({ metadata, spec }) => metadata.name.startsWith(BACKUP_PREFIX) && !spec?.suspend)
    .map(({ metadata, spec, status }) => {
      const schedule = spec?.schedule ?? '';
      const savedAt = status?.lastSuccessfulTime;
      const late = isLate(schedule, new Date(savedAt ?? metadata.creationTimestamp ?? now), now);
      return {
        app: metadata.name.slice(BACKUP_PREFIX.length),
        schedule,
        ...(savedAt !== undefined && { savedAt }),
        late,
      };
    })
    .sort((one, other) => one.app.localeCompare(other.app));
}

/** Whether what should come on a schedule is older than two of its pauses. */
export function isLate(schedule: string, newest: Date, now: Date): boolean {
  const gap = longestGap(schedule, now);
  return gap !== undefined && now.getTime() - newest.getTime() > MISSED * gap;
}

/** A job that makes a backup: its failure is a warning, since the app runs. */
export function isBackup({ metadata }: JobObject): boolean {
  return (
    metadata.ownerReferences?.some(({ kind, name }) => kind === 'CronJob' && name.startsWith(BACKUP_PREFIX)) ?? false
  );
}

/** Of the newest job of each app only: the next success mends it. */
export function backupWarnings(newest: readonly JobObject[]): string[] {
  return newest
    .filter(
      (job) =>
        isBackup(job) && job.status?.conditions?.some(({ type, status }) => type === 'Failed' && status === 'True'),
    )
    .map(({ metadata }) => {
      const reason = `kubectl logs -l job-name=${metadata.name} -n ${metadata.namespace} --tail=-1`;
      return `The backup ${metadata.name} failed. It says why: ${reason}`;
    });
}
