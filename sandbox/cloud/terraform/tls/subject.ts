/** Whom a certificate is for. */
import type { JsonName } from '@peculiar/x509';
import { isEmpty } from '../engine/sdk';
import type { ValueObject } from '../engine/resource';

/** Arguments of a `subject` block that the stacks use, in the order of the official provider's name. */
const FIELDS = { organization: 'O', common_name: 'CN' } as const;

/** @throws for other arguments */
export function subjectOf(planned: ValueObject): JsonName {
  const [subject = {}] = (planned['subject'] ?? []) as readonly ValueObject[];
  const other = Object.keys(subject).find((field) => !(field in FIELDS) && !isEmpty(subject[field]!));
  if (other !== undefined) throw new Error(`The emulated cloud has no ${other} in a subject`);
  return Object.entries(FIELDS).flatMap(([field, type]) => {
    const value = subject[field] ?? '';
    return value === '' ? [] : [{ [type]: [value as string] }];
  });
}
