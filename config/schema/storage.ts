/** Where state and backups are kept. */
import { z } from 'zod';
import { cronSchedule } from '../cron';
import { REGIONS } from '../digitalocean';
import { flag, integer, oneOfMany, text, textThat } from './values';

export const state = z
  .strictObject({
    bucket: text(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      'the name of a Spaces bucket: 3 to 63 lower-case letters, digits and inner dashes',
    ).describe("Spaces bucket of Terraform's state. It must exist. For life."),
    region: oneOfMany(
      REGIONS.filter(({ spaces }) => spaces).map(({ slug }) => slug),
      'a region with Spaces in config/digitalocean-catalogue.json',
    ).describe('Region of that bucket, and of the bucket of the etcd snapshots. For life.'),
    lockfile: flag()
      .default(true)
      .describe('Whether a lock object in the bucket keeps two runs from changing the same state.'),
  })
  .describe("Where Terraform's state is kept.");

export const backups = z
  .strictObject({
    schedule: textThat(
      (schedule) => cronSchedule(schedule) !== undefined,
      'a cron schedule of five fields (minute hour day month weekday, in UTC), such as 0 */6 * * *',
    )
      .default('0 */6 * * *')
      .describe('When etcd is saved to Spaces. A lost single server comes back as of the last snapshot.'),
    retention: integer(1, 500, 'a whole number of snapshots, 1 to 500')
      .default(28)
      .describe('How many snapshots are kept of each server.'),
  })
  .prefault({})
  .describe('Snapshots of etcd: everything that Kubernetes knows.');
