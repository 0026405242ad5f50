/** Where people log in as themselves. */
import { z } from 'zod';
import { ORGANIZATION } from './identity';
import { personName } from './person';
import { email, flag, text } from './values';

const HASH = 'a hash as `npx forge people password NAME` writes it, never the password itself';

const github = z.strictObject({
  organization: text(ORGANIZATION, 'the name of an organization at GitHub, spelled as GitHub shows it').describe(
    'Its members may log in.',
  ),
  teams: z
    .array(text(/^[a-z0-9]([a-z0-9_-]{0,98}[a-z0-9])?$/, 'the short name of a team, as in the address of its page'))
    .default([])
    .describe('Who may log in, besides the teams operators and maintainers. Empty: every member of the organization.'),
  clientId: text(
    /^[A-Za-z0-9.]{20}$/,
    'the client ID of the OAuth app: 20 letters and digits, never its secret',
  ).describe('Of the OAuth app at GitHub; its secret is the environment variable LOGIN_CLIENT_SECRET.'),
});

const person = z.strictObject({
  name: personName,
  email: email.describe('With which the person logs in.'),
  maintainer: flag().default(false).describe('May sync in Argo CD, too.'),
  passwordHash: text(/^\$2[aby]\$1[0-6]\$[./A-Za-z0-9]{53}$/, HASH)
    .optional()
    .describe('Made by `npx forge people password NAME`. Absent: the person cannot log in yet.'),
});

export const login = z
  .strictObject({
    github: github.optional().describe('By accounts at GitHub.'),
    people: z.array(person).optional().describe('By passwords that each person sets.'),
  })
  .optional()
  .describe('Where people log in to Argo CD, Gitea and Jenkins as themselves. Absent: each tool has its own accounts.');
