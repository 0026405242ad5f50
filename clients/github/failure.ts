/** What went wrong with GitHub, in words that say what to do. */
import { CommandFailure } from '../failure';

/**
 * @param doing such as `write the plan on pull request 7`
 * @param permission that the token needs, such as `pull-requests: write`
 */
export function explainGithub(error: unknown, doing: string, permission: string): CommandFailure {
  const { status, message = String(error) } = error as { status?: number; message?: string };
  return new CommandFailure(`GitHub did not ${doing}: ${reason(status, message, permission)}`, {
    status,
    cause: error,
  });
}

function reason(status: number | undefined, message: string, permission: string): string {
  // The client gives a connection that failed the status 500 as well.
  if (status === undefined || status >= 500) return `it cannot be reached, or fails (${message}). Run it again.`;
  switch (status) {
    case 401:
      return 'GITHUB_TOKEN is not valid any more, or is cut off.';
    case 403:
    case 429:
      return /rate limit/i.test(message)
        ? 'too many requests with this token. Run it again later.'
        : `GITHUB_TOKEN lacks the permission ${permission}.`;
    case 404:
      return `there is no such thing, or GITHUB_TOKEN lacks the permission ${permission}.`;
    default:
      return `it answered ${status}: ${message}`;
  }
}
