import { longestGap } from '#config/cron';
import { backupStatuses } from '#cli/status/backups';
import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import { job, NOW, snapshot } from './objects';

const nightly = (lastSuccessfulTime?: string) => ({
  metadata: { name: 'backup-gitea', namespace: 'rt', creationTimestamp: '2026-11-01T00:00:00Z' },
  spec: { schedule: '17 2 * * *' },
  status: lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime },
});
const statusWith = (changes: Parameters<typeof snapshot>[0]) =>
  platformStatus(snapshot(changes), 'https://server', { search: manifestSearch('/nowhere'), now: NOW });

it.each([
  ['of last night', '2026-11-23T02:20:00Z', false],
  ['of the night before, when one was missed', '2026-11-22T02:20:00Z', false],
  ['of three nights ago', '2026-11-20T02:20:00Z', true],
  ['that never came, of a CronJob from three weeks ago', undefined, true],
])('a backup %s', (_, savedAt, late) => {
  expect(backupStatuses([nightly(savedAt)], NOW)[0]).toMatchObject({ app: 'gitea', late });
});

it('none is expected where backups are off', () => {
  const suspended = { ...nightly(), spec: { schedule: '17 2 * * *', suspend: true } };
  expect(backupStatuses([suspended], NOW)).toEqual([]);
});

it('one that is late makes the platform not healthy', () => {
  expect(statusWith({ cronJobs: [nightly('2026-11-23T02:20:00Z')] }).healthy).toBe(true);
  expect(statusWith({ cronJobs: [nightly('2026-11-20T02:20:00Z')] }).healthy).toBe(false);
});

it('one that failed is a warning with the way to its reason, and no trouble', () => {
  const failed = job('backup-gitea-2', { failed: true, cronJob: 'backup-gitea' });
  const { warnings, troubles, healthy } = statusWith({ jobs: [failed] });
  expect([troubles, healthy]).toEqual([[], true]);
  expect(warnings).toEqual([expect.stringContaining('kubectl logs -l job-name=backup-gitea-2 -n rt')]);
});

it.each([
  ['17 2 * * *', 24],
  ['0 */6 * * *', 6],
  ['0 2 * * 1-5', 72],
  ['0 0 31 2 *', undefined],
])('the longest pause of %s is %s hours', (schedule, hours) => {
  expect(longestGap(schedule, NOW)).toBe(hours === undefined ? undefined : hours * 3_600_000);
});
