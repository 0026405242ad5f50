/** Recognises secrets by their value. */
import { plainLines, secretLines } from './secret-lines';
import { hasSecretEntry } from './secret-pairs';

/** Stands where a secret was. */
export const HIDDEN = '(sensitive)';

/** Shorter texts are too common to be looked for in others. */
const SHORTEST = 8;

/** Every text in a value that is long enough to be looked for elsewhere. */
export function collectStrings(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length >= SHORTEST ? [value] : [];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(collectStrings);
  return [];
}

/** Whether a text is a secret by its looks, or has such a one in it. */
export function looksSecret(text: string): boolean {
  return secretLines(plainLines(text)).size > 0 || hasSecretName(text);
}

/** Whether a text is a document in JSON, as attributes of some resources are, with a secret by its name. */
export function hasSecretName(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    return hasSecretEntry(JSON.parse(text));
  } catch {
    return false;
  }
}
