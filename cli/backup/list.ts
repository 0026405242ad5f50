import type { KubernetesClient } from '#clients/kubernetes/client';
import { backupCronJobs, JOBS } from './cron-jobs';
import { logsOf } from './job-logs';

export interface Backup {
  /** Such as `gitea` or `jenkins-0`. */
  readonly instance: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** restic's. */
  readonly id: string;
}

interface Job {
  readonly metadata: {
    readonly name: string;
    readonly ownerReferences?: readonly { readonly name: string }[];
  };
  readonly status?: { readonly completionTime?: string };
}

/**
 * What the newest Job of each app that succeeded said at its end: so nobody needs the key of the backups to look.
 *
 * @param app undefined for all
 */
export async function listBackups(client: KubernetesClient, app: string | undefined): Promise<Backup[]> {
  const cronJobs = await backupCronJobs(client, app);
  const jobs = (await client.list<Job>(JOBS)).filter(({ status }) => status?.completionTime !== undefined);
  const newest = cronJobs.flatMap(({ metadata }) => {
    const own = jobs.filter((job) => job.metadata.ownerReferences?.some(({ name }) => name === metadata.name));
    return own
      .sort((one, other) => other.status!.completionTime!.localeCompare(one.status!.completionTime!))
      .slice(0, 1);
  });
  const logs = await Promise.all(newest.map(({ metadata }) => logsOf(client, metadata.name)));
  return logs.flatMap(backupsIn);
}

/** After the line `<instance>: backups now:` one line for each. */
function backupsIn(log: string): Backup[] {
  let instance = '';
  return log.split('\n').flatMap((line) => {
    instance = /^(\S+): backups now:$/.exec(line)?.[1] ?? instance;
    const [, time, id] = /^(\d{4}-\d\d-\d\dT\S+) ([0-9a-f]{8})$/.exec(line) ?? [];
    return time === undefined || id === undefined ? [] : [{ instance, time, id }];
  });
}
