/** Tokens and keys as they are pasted: refused by name, and never shown. */
import { SLACK_WEBHOOK_URL } from './alerts';
import { ConfigError } from './config-error';

export const CLUSTER_TOKEN = 'FORGE_CLUSTER_TOKEN';
export const DIGITALOCEAN_TOKEN = 'DIGITALOCEAN_TOKEN';
export const GITHUB_TOKEN = 'GITHUB_TOKEN';
export const BACKUP_PASSWORD = 'BACKUP_PASSWORD';
/** Every character is printable ASCII, and none a blank. */
const TOKENS = [
  ...[DIGITALOCEAN_TOKEN, CLUSTER_TOKEN, GITHUB_TOKEN, SLACK_WEBHOOK_URL],
  ...['SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY'],
];
/** Of a person's choice: anything but what a paste adds. */
const PASSWORDS = [BACKUP_PASSWORD];
const HIDDEN = '(hidden)';
/** What is shorter occurs in other words, too. */
const SHORTEST_HIDDEN = 6;

/** @throws ConfigError that names every one that cannot be right */
export function refuseBrokenTokens(env: NodeJS.ProcessEnv): void {
  const faults = [...TOKENS, ...PASSWORDS].flatMap((name) => {
    const fault = tokenFault(env[name] ?? '', PASSWORDS.includes(name));
    return fault === undefined ? [] : [`The environment variable ${name} ${fault}.`];
  });
  if (faults.length === 0) return;
  throw new ConfigError(`${faults.join('\n')}\nSet it again without that. Its value is not shown.`);
}

/** @returns undefined for an absent one @throws ConfigError that names it when it cannot be right */
export function readToken(env: NodeJS.ProcessEnv, name: string): string | undefined {
  refuseBrokenTokens({ [name]: env[name] });
  return env[name] || undefined;
}

/** What cannot be right about a token, or a password, such as `ends with a line break`; undefined for one that may be. */
export function tokenFault(value: string, isPassword: boolean): string | undefined {
  if (value === '') return undefined;
  if (value.trim() === '') return 'is blank';
  if (/^[^\r\n]+[\r\n]+$/.test(value)) return 'ends with a line break';
  if (/[\r\n]/.test(value)) return 'has a line break in it';
  if (/\p{Cc}/u.test(value)) return 'has a tab or another control character in it';
  if (/^\s|\s$/.test(value)) return 'begins or ends with a blank';
  if (isPassword) return undefined;
  if (/^["'`]|["'`]$/.test(value)) return 'has quotes around it';
  if (/\s/.test(value)) return 'has a blank in it';
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'has a character in it that is not ASCII';
}

/** A text without the values of tokens, as they are and as they are escaped in errors and addresses. */
export function withoutTokens(text: string, env: NodeJS.ProcessEnv): string {
  const values = [...TOKENS, ...PASSWORDS].flatMap((name) => {
    const value = env[name] ?? '';
    return [value, value.trim(), ...value.split(/[\r\n]+/)];
  });
  const forms = new Set(values.filter((value) => value.length >= SHORTEST_HIDDEN).flatMap(formsOf));
  return [...forms]
    .sort((one, other) => other.length - one.length)
    .reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // What is broken off in the middle of a character cannot be percent-encoded.
  const percent = value.isWellFormed() ? [encodeURIComponent(value), encodeURI(value)] : [];
  const inAddresses = [...percent, new URLSearchParams([['', value]]).toString().slice(1)];
  const base64 = Buffer.from(value).toString('base64');
  return [
    value,
    json,
    json.replaceAll("'", "\\'"),
    base64,
    ...inAddresses.flatMap((text) => [text, text.toLowerCase()]),
  ];
}
