/** Who is told when something is wrong. */
import { z } from 'zod';
import { email, text } from './values';

export const alerts = z
  .strictObject({
    email: z.array(email).default([]).describe('Mail addresses; each must be a verified one of the DigitalOcean team.'),
    slack: z
      .strictObject({
        channel: text(/^#[\p{Ll}\p{N}_-]{1,80}$/u, "a channel's name with its #, such as '#forge'").describe(
          'The channel.',
        ),
      })
      .optional()
      .describe('A channel in Slack; its webhook is the environment variable SLACK_WEBHOOK_URL. Absent: none.'),
  })
  .prefault({})
  .describe(
    "DigitalOcean's own checks of hosts, droplets and load balancer, and whom they tell. With nobody to tell, none are made.",
  );
