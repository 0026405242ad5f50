/** Who opened: so that one job or person never closes the API to another. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * Six hexadecimal digits that are the same for a later call on this machine by this user, and in GitHub Actions only in
 * the same job of the same run: machines there may share a name.
 */
export function openerMark({ GITHUB_RUN_ID = '', GITHUB_JOB = '' }: NodeJS.ProcessEnv): string {
  const who = [hostname(), process.getuid?.() ?? '', GITHUB_RUN_ID, GITHUB_JOB].join('\n');
  return createHash('sha256').update(who).digest('hex').slice(0, 6);
}
