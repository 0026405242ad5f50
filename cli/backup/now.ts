import { CommandFailure } from '#clients/failure';
import type { KubernetesClient } from '#clients/kubernetes/client';
import { until } from '#clients/until';
import { backupCronJobs, JOBS, type BackupCronJob } from './cron-jobs';
import { logsOf } from './job-logs';

interface Job {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const POLL_MS = 2000;
/** As long as the Job itself may take. */
const LIMIT_MS = 4 * 3_600_000;

/**
 * Makes the Job of the CronJob, as `kubectl create job --from` does, and shows its log until it has ended.
 *
 * @param app undefined for all
 * @throws CommandFailure when one was not saved
 */
export async function backUp(
  client: KubernetesClient,
  app: string | undefined,
  notify: (text: string) => void,
): Promise<void> {
  const cronJobs = await backupCronJobs(client, app);
  const started = await Promise.all(cronJobs.map((cronJob) => start(client, cronJob)));
  const failed: string[] = [];
  for (const name of started) {
    notify(`${name}\n`);
    if (!(await follow(client, name, notify))) failed.push(name);
  }
  if (failed.length > 0) throw new CommandFailure(`Not saved: ${failed.join(', ')}. The last lines above say why.`);
}

async function start(client: KubernetesClient, { metadata, spec }: BackupCronJob): Promise<string> {
  const moment = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const name = `${metadata.name}-by-hand-${moment}`;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true };
  await client.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: spec.jobTemplate.metadata?.labels ?? {},
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
    },
    spec: spec.jobTemplate.spec,
  });
  return name;
}

/** False when it failed. */
async function follow(client: KubernetesClient, name: string, notify: (text: string) => void): Promise<boolean> {
  let shown = '';
  const ended = await until(
    async () => {
      const job = await client.get<Job>(`${JOBS}/${name}`);
      const log = await logsOf(client, name);
      notify(log.startsWith(shown) ? log.slice(shown.length) : log);
      shown = log;
      return job?.status?.conditions?.find(({ type, status }) => status === 'True' && /^(Complete|Failed)$/.test(type));
    },
    { every: POLL_MS, limit: LIMIT_MS, what: () => new CommandFailure(`${name} has not ended after four hours.`) },
  );
  return ended.type === 'Complete';
}
