/** Recognises secrets by their value. */
import { isSecretName } from './secret-names';

/** Stands where a secret was. */
export const HIDDEN = '(sensitive)';

/** Shorter texts are too common to be looked for in others. */
const SHORTEST = 8;

/** Prefixes of tokens, and other forms that nothing but a secret has. */
const FORMS = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/,
  /AGE-SECRET-KEY-1/i,
  /\bdo[opr]_v1_[0-9a-f]/,
  /\b(gh[opsur]_|github_pat_)[A-Za-z0-9]/,
  /\bK10[0-9a-f]{64}::/,
  // A kubeconfig that can log in, and a URL with a password.
  /\b(client-key-data|token|password)"?:\s*\S/,
  /:\/\/[^/\s:@]*:[^/\s:@]+@/,
];
const BASE64 = /[A-Za-z0-9+/]{40,}={0,2}/g;

/** Every text in a value that is long enough to be looked for elsewhere. */
export function collectStrings(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length >= SHORTEST ? [value] : [];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(collectStrings);
  return [];
}

/** Whether a text is a secret by its looks, or has such a one in it. */
export function looksSecret(text: string): boolean {
  if (FORMS.some((form) => form.test(text)) || hasSecretName(text)) return true;
  return [...text.matchAll(BASE64)].some(([encoded]) =>
    FORMS[0]!.test(Buffer.from(encoded, 'base64').toString('latin1')),
  );
}

/** Documents in JSON are attributes of some resources. */
function hasSecretName(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    return holdsSecretName(JSON.parse(text));
  } catch {
    return false;
  }
}

function holdsSecretName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) => {
    const isSet = item !== null && item !== '' && item !== false;
    return (isSet && !Array.isArray(value) && isSecretName(name)) || holdsSecretName(item);
  });
}
