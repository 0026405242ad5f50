/** Where state, snapshots and backups are kept. */
import { z } from 'zod';
import { cronSchedule } from '../cron';
import { REGIONS } from '../digitalocean';
import { flag, integer, oneOfMany, text, textThat } from './values';

const SPACES_REGIONS = REGIONS.filter(({ spaces }) => spaces).map(({ slug }) => slug);
const SPACES_REGION = 'a region with Spaces in config/digitalocean-catalogue.json';

const schedule = () =>
  textThat(
    (text) => cronSchedule(text) !== undefined,
    'a cron schedule of five fields (minute hour day month weekday, in UTC), such as 0 */6 * * *',
  );

export const state = z
  .strictObject({
    bucket: text(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      'the name of a Spaces bucket: 3 to 63 lower-case letters, digits and inner dashes',
    ).describe("Spaces bucket of Terraform's state. It must exist. For life."),
    region: oneOfMany(SPACES_REGIONS, SPACES_REGION).describe(
      'Region of that bucket, and of the bucket of the etcd snapshots. For life.',
    ),
    lockfile: flag()
      .default(true)
      .describe('Whether a lock object in the bucket keeps two runs from changing the same state.'),
  })
  .describe("Where Terraform's state is kept.");

export const snapshots = z
  .strictObject({
    schedule: schedule()
      .default('0 */6 * * *')
      .describe('When etcd is saved to Spaces. A lost single server comes back as of the last snapshot.'),
    retention: integer(1, 500, 'a whole number of snapshots, 1 to 500')
      .default(28)
      .describe('How many snapshots are kept of each server.'),
  })
  .prefault({})
  .describe('Snapshots of etcd: everything that Kubernetes knows.');

export const backups = z
  .strictObject({
    enabled: flag()
      .default(true)
      .describe('Whether the data of Gitea and Jenkins is saved, and restored onto an empty volume.'),
    schedule: schedule()
      .default('17 2 * * *')
      .describe('When Gitea and every Jenkins are saved. What is lost with a volume is what came after.'),
    retention: integer(1, 3650, 'a whole number of days, 1 to 3650')
      .default(30)
      .describe('For how many days each backup is kept; the last three always are.'),
    secondRegion: oneOfMany(SPACES_REGIONS, SPACES_REGION)
      .optional()
      .describe('Region of a second bucket, to which every backup is copied.'),
  })
  .prefault({})
  .describe('Backups of what people made: repositories, issues, builds. They outlive the forge.');
