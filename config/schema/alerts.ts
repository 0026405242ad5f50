/** Who is told when something is wrong. */
import { z } from 'zod';
import { email } from './values';

export const alerts = z
  .strictObject({
    email: z
      .array(email)
      .default([])
      .describe('Mail addresses; each must be a verified one of the DigitalOcean team. Empty: no checks are made.'),
  })
  .prefault({})
  .describe("DigitalOcean's own checks of hosts, droplets and load balancer, and whom they tell.");
