/** Whom an alert tells. */
import { z } from 'zod';
import { listOf } from '../http/request-body';
import type { Account } from './account';
import { unprocessable } from './errors';

const slack = z.object({ channel: z.string().min(1, 'is required'), url: z.url('is not a URL') });
/** Clients in Go send null for an empty list. */
export const recipients = z.object({ email: listOf(z.string()), slack: listOf(slack) });
type Recipients = z.infer<typeof recipients>;

/**
 * "You must select at least one of the two possible notification methods" (product documentation of alerts). "The Email has to be one that is verified on that DigitalOcean account" (API reference, notifications of an uptime alert).
 */
export function checkRecipients({ verifiedEmails }: Account, { email, slack }: Recipients): void {
  if (email.length + slack.length === 0) throw unprocessable('an alert needs an email address or a Slack channel');
  const stranger = email.find((address) => !verifiedEmails.includes(address));
  if (stranger !== undefined) throw unprocessable(`${stranger} is not a verified email address of the team`);
}
