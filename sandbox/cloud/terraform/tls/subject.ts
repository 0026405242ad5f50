/** Whom a certificate is for: its subject and its further names. */
import 'reflect-metadata';
import { SubjectAlternativeNameExtension, type JsonName } from '@peculiar/x509';
import type { ValueObject } from '../engine/resource';

/** Arguments of a `subject` block and the types of their parts of the name, in the order of the real provider. */
const SUBJECT_FIELDS = [
  ['country', 'C'],
  ['organization', 'O'],
  ['organizational_unit', 'OU'],
  ['locality', 'L'],
  ['province', 'ST'],
  ['street_address', '2.5.4.9'],
  ['postal_code', '2.5.4.17'],
  ['common_name', 'CN'],
  ['serial_number', '2.5.4.5'],
  ['email_address', '1.2.840.113549.1.9.1'],
] as const;

export function subjectOf(planned: ValueObject): JsonName {
  const [subject] = (planned['subject'] ?? []) as readonly ValueObject[];
  return SUBJECT_FIELDS.flatMap(([field, type]) => {
    const value = subject?.[field] ?? null;
    const values = [value].flat().filter((text) => typeof text === 'string' && text !== '') as string[];
    return values.length === 0 ? [] : [{ [type]: values }];
  });
}

/** @returns undefined when no name is given */
export function alternativeNamesOf(planned: ValueObject): SubjectAlternativeNameExtension | undefined {
  const named = (attribute: string, type: 'dns' | 'ip' | 'url') =>
    ((planned[attribute] ?? []) as readonly string[]).map((value) => ({ type, value }));
  const names = [...named('dns_names', 'dns'), ...named('ip_addresses', 'ip'), ...named('uris', 'url')];
  return names.length === 0 ? undefined : new SubjectAlternativeNameExtension(names);
}
