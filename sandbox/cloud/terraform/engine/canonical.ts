/** Values in a form that can be compared. */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import type { AttributeType } from '../schema/schema';

/** The value with the elements of its sets in one order: a set has none of its own. */
export function canonical(value: Value, type: AttributeType): Value {
  if (value === null || isUnknown(value) || typeof type === 'string') return value;
  const [kind, inner] = type;
  if (kind === 'object') {
    const fields = Object.entries(inner).map(([name, field]) => [
      name,
      canonical((value as ValueObject)[name] ?? null, field),
    ]);
    return Object.fromEntries(fields) as ValueObject;
  }
  if (kind === 'map') {
    const entries = Object.entries(value as ValueObject).map(([key, item]) => [key, canonical(item, inner)]);
    return Object.fromEntries(entries) as ValueObject;
  }
  const items = (value as readonly Value[]).map((item) => canonical(item, inner));
  return kind === 'set' ? items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) : items;
}
