/** What went wrong with DigitalOcean, in words that say what to do. */
import { CommandFailure } from '../failure';

/** There was no answer. @param cause what fetch threw */
export function unreachable(origin: string, cause: unknown): CommandFailure {
  const { message, cause: inner } = cause as Error & { cause?: Error };
  return new CommandFailure(
    `DigitalOcean cannot be reached at ${origin}: ${inner?.message || message}. Check the network, and run it again.\n` +
      'If this is the sandbox: npx forge sandbox status',
    { cause },
  );
}

/** What an answer that is no success means. */
export function explainAnswer(method: string, path: string, status: number, message: string): CommandFailure {
  return new CommandFailure(`DigitalOcean refused ${method} ${path}: ${reason(method, path, status, message)}`, {
    status,
  });
}

function reason(method: string, path: string, status: number, message: string): string {
  if (status === 401) return 'DIGITALOCEAN_TOKEN is not valid any more, or is cut off.';
  if (status === 403) return `DIGITALOCEAN_TOKEN lacks the scope ${scopeOf(method, path)}.`;
  if (status === 429) return 'too many requests in an hour. Run it again later.';
  return `${message || 'no reason given'} (status ${status})`;
}

const ACTIONS: Readonly<Record<string, string>> = { GET: 'read', POST: 'create', PUT: 'update', DELETE: 'delete' };
/** Paths whose scope is not their name without an s. Source: the list of scopes in DigitalOcean's API reference. */
const KINDS: Readonly<Record<string, string>> = {
  'account/keys': 'ssh_key',
  'spaces/keys': 'spaces_key',
  actions: 'actions',
  regions: 'regions',
  sizes: 'sizes',
  volumes: 'block_storage',
};

/** Such as `firewall:create`. */
function scopeOf(method: string, path: string): string {
  const [, first = '', second = ''] = /^\/v2\/([a-z_]+)(?:\/([a-z_]+))?/.exec(path) ?? [];
  const kind = KINDS[`${first}/${second}`] ?? KINDS[first] ?? first.replace(/s$/, '');
  return `${kind}:${ACTIONS[method] ?? method}`;
}
