/** The mail server by which Gitea, Jenkins and failed backups write to people. */
import { z } from 'zod';
import { email, integer, text } from './values';

const HOST = 'the name of a mail server, such as smtp.example.org';
const PORT = 'a port, 1 to 65535, but 25, which DigitalOcean closes to droplets';
const NO_PORT_FOR_MAIL = 25;

export const mail = z
  .strictObject({
    host: text(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, HOST).describe(
      'Name of the mail server.',
    ),
    port: integer(1, 65_535, PORT)
      .refine((port) => port !== NO_PORT_FOR_MAIL, PORT)
      .default(587)
      .describe('Its port. At 465 all is TLS, at every other one it begins with STARTTLS.'),
    from: email.describe('Address that the mails come from.'),
    username: text(/^[^\s'"]{1,200}$/, 'a name without spaces and quotes').describe('Name to log in with.'),
  })
  .optional()
  .describe(
    'The mail server of Gitea, Jenkins and failed backups; its password is the secret mail-secret. Absent: no mail is sent.',
  );
