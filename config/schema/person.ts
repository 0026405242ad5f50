/** What a person is called. The same name stands for the same person in all lists. */
import { text } from './values';

export const personName = text(
  /^[a-z0-9]([a-z0-9._-]{0,30}[a-z0-9])?$/,
  'up to 32 lower-case letters, digits, dots, dashes, underscores',
).describe('Who it is.');
