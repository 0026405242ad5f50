/** An attribute whose schema leaves its type open: the state keeps the type beside the value. */
export interface DynamicValue {
  readonly value: unknown;
  readonly type: unknown;
}

const PRIMITIVES: readonly unknown[] = ['string', 'number', 'bool', 'dynamic'];

export function isDynamic(value: unknown): value is DynamicValue {
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== 'type,value') return false;
  const { type } = value as DynamicValue;
  return Array.isArray(type) || PRIMITIVES.includes(type);
}
