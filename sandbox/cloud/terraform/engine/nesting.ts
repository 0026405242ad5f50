/** Nested blocks, whatever their nesting. */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import type { Nesting } from '../schema/schema';

/** Place of an element: index in a list or set, key in a map, none in a single block. */
export type ElementKey = number | string | undefined;

/** Changes every known element. An absent list, set or map is an empty one. */
export function mapElements(
  nesting: Nesting,
  value: Value,
  change: (element: ValueObject, key: ElementKey) => Value,
): Value {
  if (isUnknown(value)) return value;
  const changed = (element: Value, key: ElementKey) => (isObject(element) ? change(element, key) : element);
  if (nesting === 'single') return changed(value, undefined);
  if (nesting === 'map') {
    const elements: ValueObject = isObject(value) ? value : {};
    const entries = Object.entries(elements);
    return Object.fromEntries(entries.map(([key, element]) => [key, changed(element, key)]));
  }
  return ((value ?? []) as readonly Value[]).map(changed);
}

/** The known element at a place, or undefined. */
export function elementAt(value: Value, key: ElementKey): ValueObject | undefined {
  const within = value as Readonly<Record<number | string, Value>> | null;
  const element = key === undefined ? value : (within?.[key] ?? null);
  return isObject(element) ? element : undefined;
}

function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !isUnknown(value) && !Array.isArray(value);
}
