/** A call to DigitalOcean that failed, in words that say what to do. */
export class DigitalOceanFailure extends Error {
  override readonly name = 'DigitalOceanFailure';
  readonly exitCode = 1;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(message: string, details: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.status = details.status;
  }
}

/** There was no answer. @param cause what fetch threw */
export function unreachable(origin: string, cause: unknown): DigitalOceanFailure {
  const { message, cause: inner } = cause as Error & { cause?: Error };
  return new DigitalOceanFailure(
    `DigitalOcean cannot be reached at ${origin}: ${inner?.message || message}. Check the network, and run it again.\n` +
      'If this is the sandbox: npx forge sandbox status',
    { cause },
  );
}

/** What an answer that is no success means. */
export function explainAnswer(method: string, path: string, status: number, message: string): DigitalOceanFailure {
  return new DigitalOceanFailure(`DigitalOcean refused ${method} ${path}: ${reason(method, path, status, message)}`, {
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
