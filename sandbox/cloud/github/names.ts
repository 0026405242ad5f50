/** What secrets and variables of Actions have in common (GitHub's documentation, "Secrets reference"). */
import { z } from 'zod';

/** Kept in upper case. */
export const actionsName = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'only letters, digits and underscores, and no digit at the start')
  .refine((name) => !name.startsWith('GITHUB_'), 'must not start with GITHUB_');

export const actionsValue = z.string().refine((text) => Buffer.byteLength(text) <= 48 * 1024, 'must be at most 48 KB');
