/** Nested blocks, whatever their nesting. */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import type { Nesting } from '../schema/schema';

/** Place of an element: index in a list or set, none in a single block. */
export type ElementKey = number | undefined;

/** Changes every known element. An absent list or set is an empty one. */
export function mapElements(
  nesting: Nesting,
  value: Value,
  change: (element: ValueObject, key: ElementKey) => Value,
): Value {
  if (isUnknown(value)) return value;
  const changed = (element: Value, key: ElementKey) => (isObject(element) ? change(element, key) : element);
  if (nesting === 'single') return changed(value, undefined);
  return ((value ?? []) as readonly Value[]).map(changed);
}

/** The known element at a place, or undefined. */
export function elementAt(value: Value, key: ElementKey): ValueObject | undefined {
  const element = key === undefined ? value : ((value as readonly Value[] | null)?.[key] ?? null);
  return isObject(element) ? element : undefined;
}

function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !isUnknown(value) && !Array.isArray(value);
}
