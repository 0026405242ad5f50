/** Puts what stands in forge.yaml into words. */
import type { KeyPath } from './fault';

/** Longer values are cut. */
const LENGTH = 80;

/** Tokens and private keys that people paste where a name or a public key belongs. */
const SECRET = /^(AGE-SECRET-KEY-|do[opr]_v1_|gh[opsu]_|github_pat_|-----BEGIN )/i;

/** The value that a path leads to; undefined where it leads nowhere. */
export function valueAt(data: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, part) => (isContainer(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    data,
  );
}

/** A value for an error message. What may be a secret is only measured: messages end up in public logs. */
export function describeValue(value: unknown, path: KeyPath): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'keys and values';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (mayBeSecret(text, path)) return `${text.length} characters, not shown as they may be a secret`;
  const quoted = JSON.stringify(value);
  return quoted.length > LENGTH ? `${quoted.slice(0, LENGTH)}…` : quoted;
}

/** In `secrets[].data` belong names of variables, so anything else may be the value itself, as beside a hash or a client ID. */
function mayBeSecret(text: string, path: KeyPath): boolean {
  if (SECRET.test(text)) return true;
  if (path[0] === 'login' && ['passwordHash', 'clientId'].includes(String(path.at(-1)))) return true;
  return path[0] === 'secrets' && path[2] === 'data' && !/^[A-Z_]+$/.test(text);
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
