import { validationFailed } from './errors';

const NAME = /^[A-Z_][A-Z0-9_]*$/;
const MAX_BYTES = 48 * 1024;

/** Names of secrets and variables are kept in upper case. Refuses what GitHub refuses. */
export function canonicalName(resource: 'Secret' | 'Variable', name: string): string {
  const upper = name.toUpperCase();
  if (!NAME.test(upper)) {
    throw validationFailed(resource, 'name', 'only letters, digits and underscores, and no digit at the start');
  }
  if (upper.startsWith('GITHUB_')) throw validationFailed(resource, 'name', 'must not start with GITHUB_');
  return upper;
}

/** Refuses values above 48 KB. */
export function checkSize(resource: 'Secret' | 'Variable', value: string): void {
  if (Buffer.byteLength(value) > MAX_BYTES) throw validationFailed(resource, 'value', 'must be at most 48 KB');
}
