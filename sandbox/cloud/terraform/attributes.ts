/** Reads attributes of configurations and states. */
import { isUnknown } from './protocol/values';
import type { Value, ValueObject } from './engine/resource';

/** A string; empty when absent. */
export function text(object: ValueObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

/** A string; undefined when absent, empty or not known yet. */
export function optionalText(object: ValueObject, name: string): string | undefined {
  return text(object, name) || undefined;
}

/** A number; 0 when absent. */
export function number(object: ValueObject, name: string): number {
  const value = object[name];
  return typeof value === 'number' ? value : 0;
}

/** A boolean; false when absent. */
export function flag(object: ValueObject, name: string): boolean {
  return object[name] === true;
}

/** A list or set of strings; empty when absent. */
export function texts(object: ValueObject, name: string): string[] {
  return list(object[name]).filter((value): value is string => typeof value === 'string');
}

/** A list or set of numbers; empty when absent. */
export function numbers(object: ValueObject, name: string): number[] {
  return list(object[name]).filter((value): value is number => typeof value === 'number');
}

/** Nested blocks, in whatever nesting; none when absent. */
export function blocks(object: ValueObject, name: string): ValueObject[] {
  const value = object[name];
  const items = Array.isArray(value) ? list(value) : [value ?? null];
  return items.filter((item): item is ValueObject => typeof item === 'object' && item !== null && !isUnknown(item));
}

function list(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}
