import { scryptSync } from 'node:crypto';

/** Memory-hard, about 40 ms: guessing a value by its revision costs that much for every guess. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };
/** A million revisions: enough to notice a change, too few to recognise a value by. */
const REVISION_BITS = 20;

/**
 * A number that changes when the values do. Terraform cannot see write-only values, and sends them again only when
 * this number differs from the one in its state.
 *
 * @param salt names the place of the values, so that the same value elsewhere has another number
 * @returns 1 to 2^20, or undefined when no value is there, as in a plan
 */
export function secretRevision(salt: string, values: readonly (string | undefined)[]): number | undefined {
  if (values.length > 0 && values.every((value) => value === undefined)) return undefined;
  const text = JSON.stringify(values.map((value) => value ?? null));
  const hash = scryptSync(text, salt, 4, SCRYPT);
  return (hash.readUInt32BE() >>> (32 - REVISION_BITS)) + 1;
}
