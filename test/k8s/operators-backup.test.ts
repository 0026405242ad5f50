import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../sandbox/cluster/running-sandbox';
import type { ProgramResult } from '#clients/program';
import { K8S, type Json } from './manifests';
import { startRealApi, type RealApi } from './real-api';

jest.setTimeout(180_000);

const APPLY = ['apply', '--server-side', '--force-conflicts'];
const FROM_CRON_JOB = ['create', 'job', '--from=cronjob/backup-gitea', '-n', 'rt'];

describe('a backup that an operator starts by hand', () => {
  let api: RealApi;
  let admin: Awaited<ReturnType<RealApi['as']>>;
  let operator: Awaited<ReturnType<RealApi['as']>>;

  beforeAll(async () => {
    api = await startRealApi();
    [admin, operator] = [await api.as('system:masters'), await api.as('forge:operators')];
    await admin(['create', 'namespace', 'argocd']);
    for (const file of ['01-init/namespace', '01-init/quota', '01-init/operators', '01-init/operators-backup']) {
      expect((await admin([...APPLY, '-f', join(K8S, `${file}.yaml`)])).stderr).toBe('');
    }
    expect((await admin([...APPLY, '-f', join(K8S, '03-apps/backup.yaml')])).stderr).toBe('');
    // A policy takes a moment to be in force.
    await eventually(async () => (await create((job) => (job['spec'].suspend = true))).code !== 0);
  });

  /** What kubectl would send, changed. */
  async function create(change: (job: Json) => unknown, namespace = 'rt', as = operator): Promise<ProgramResult> {
    const { stdout } = await operator([...FROM_CRON_JOB, 'smuggled', '--dry-run=client', '-o', 'json']);
    const job = JSON.parse(stdout) as Json;
    job['metadata'].namespace = namespace;
    change(job);
    return as(['create', '--dry-run=server', '-f', '-'], stringify(job));
  }

  it('is made with one command, and runs to its end', async () => {
    expect(await operator([...FROM_CRON_JOB, 'before-the-upgrade'])).toMatchObject({ code: 0, stderr: '' });
    await eventually(async () => {
      const { stdout } = await operator(['get', 'job', 'before-the-upgrade', '-n', 'rt', '-o', 'json']);
      expect((JSON.parse(stdout) as Json)['status'].succeeded).toBe(1);
    });
  });

  const pod = (job: Json): Json => job['spec'].template.spec as Json;
  const OTHER_POD = 'Its pod is not that of its CronJob.';
  const OTHER_LABELS = 'Its pod has other labels or annotations';
  const OTHER_SETTINGS = 'It has other settings than its CronJob.';

  it.each<[string, string, (job: Json) => unknown]>([
    ['another image', OTHER_POD, (job) => (pod(job)['containers'][0].image = 'registry.example/mine:1.0')],
    ['another command', OTHER_POD, (job) => (pod(job)['containers'][0].command = ['sh', '-c', 'env'])],
    [
      'one more variable, out of a secret',
      OTHER_POD,
      (job) =>
        pod(job)['containers'][0].env.push({
          name: 'X',
          valueFrom: { secretKeyRef: { name: 'gitea-admin-secret', key: 'password' } },
        }),
    ],
    [
      'one more container',
      OTHER_POD,
      (job) => pod(job)['containers'].push({ ...pod(job)['containers'][0], name: 'second' }),
    ],
    [
      'one more volume',
      OTHER_POD,
      (job) => pod(job)['volumes'].push({ name: 'x', secret: { secretName: 'postgres-secret' } }),
    ],
    ['another account', OTHER_POD, (job) => (pod(job)['serviceAccountName'] = 'default')],
    [
      'another label, that opens a network rule',
      OTHER_LABELS,
      (job) => (job['spec'].template.metadata.labels.app = 'gitea'),
    ],
    ['one more label', OTHER_LABELS, (job) => (job['spec'].template.metadata.labels.more = 'one')],
    ['an annotation', OTHER_LABELS, (job) => (job['spec'].template.metadata.annotations = { one: 'more' })],
    ['many pods at once', OTHER_SETTINGS, (job) => Object.assign(job['spec'], { parallelism: 30, completions: 30 })],
    ['no end', OTHER_SETTINGS, (job) => delete job['spec'].activeDeadlineSeconds],
    ['another controller', OTHER_SETTINGS, (job) => (job['spec'].managedBy = 'example.org/mine')],
    ['no label by which it is compared', 'Make it with npx forge backup now.', (job) => delete job['metadata'].labels],
    [
      'no CronJob that would tidy it away',
      'Make it with npx forge backup now.',
      (job) => delete job['metadata'].ownerReferences,
    ],
  ])('cannot be one with %s', async (_, message, change) => {
    const { code, stderr } = await create(change);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('cannot be in another namespace, nor change or delete a Job', async () => {
    expect((await create(() => undefined, 'default')).stderr).toContain('forbidden');
    for (const verb of ['patch', 'update', 'delete']) {
      expect((await operator(['auth', 'can-i', verb, 'jobs', '-n', 'rt'])).stdout.trim()).toBe('no');
    }
  });

  it('limits nobody else', async () => {
    const change = (job: Json) => (pod(job)['containers'][0].image = 'registry.example/mine:1.0');
    expect(await create(change, 'rt', admin)).toMatchObject({ code: 0 });
  });

  it("is not there without its CronJob, and then stands in nobody else's way", async () => {
    const { stdout } = await operator([...FROM_CRON_JOB, 'late', '--dry-run=client', '-o', 'json']);
    await admin(['delete', 'cronjob', 'backup-gitea', '-n', 'rt', '--cascade=orphan']);
    await eventually(async () => {
      const { code, stderr } = await operator(['create', '--dry-run=server', '-f', '-'], stdout);
      expect([code, stderr]).toEqual([1, expect.stringContaining('no params found')]);
    });
    for (const namespace of ['rt', 'default']) {
      const other = ['create', 'job', 'other', '--image=registry.example/mine:1.0', '-n', namespace];
      expect(await admin(other)).toMatchObject({ code: 0 });
    }
  });
});
