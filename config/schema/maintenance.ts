/** When machines may be rebooted. */
import { z } from 'zod';
import { oneOf, textThat } from './values';

export const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] as const;

const HOURS = 'two times of a day in UTC, the first before the second, such as 03:00-06:00';
const TIMES = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

export const maintenance = z
  .strictObject({
    days: z
      .array(oneOf(WEEKDAYS))
      .min(1, 'at least one day of the week')
      .default(['sa', 'su'])
      .describe('Days on which machines may be rebooted after a security update.'),
    hours: textThat((text) => TIMES.test(text) && text.slice(0, 5) < text.slice(6), HOURS)
      .default('03:00-06:00')
      .describe('Between which times of these days, in UTC. What has begun is finished.'),
  })
  .prefault({})
  .describe('When machines are rebooted for security updates, one at a time.');
