/** Values on the wire: msgpack, with Terraform's two extensions for what is not known yet. */
import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import type { AttributeType } from '../schema/schema';

class Unknown {
  toString(): string {
    return '(known after apply)';
  }
}

/** A value that only the apply will know. */
export const UNKNOWN = Object.freeze(new Unknown());

export type Value = null | string | number | boolean | Unknown | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [name: string]: Value;
}

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

const UNKNOWN_EXTENSION = 0;
/** Unknown, but with something known about it: this is dropped. */
const REFINED_UNKNOWN_EXTENSION = 12;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: UNKNOWN_EXTENSION,
  encode: (value) => (isUnknown(value) ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensionCodec.register({ type: REFINED_UNKNOWN_EXTENSION, encode: () => null, decode: () => UNKNOWN });
const encoder = new Encoder({ extensionCodec });
const decoder = new Decoder({ extensionCodec });

/** A value in Terraform's msgpack form. Fields that are missing are null; blocks that are missing are empty. */
export function encodeValue(value: unknown, type: AttributeType): Uint8Array {
  return encoder.encode(toWire(value, type));
}

export function decodeValue(bytes: Uint8Array, type: AttributeType): Value {
  return fromWire(decoder.decode(bytes), type);
}

function toWire(value: unknown, type: AttributeType): unknown {
  if (value === null || value === undefined) return null;
  if (isUnknown(value)) return value;
  if (typeof type === 'string') {
    // Terraform's numbers are decimals: 0.1 as a float64 would be another number.
    return type === 'number' && !Number.isInteger(value) ? String(value) : value;
  }
  if (type[0] === 'object') {
    const fields = value as Record<string, unknown>;
    return Object.fromEntries(Object.entries(type[1]).map(([name, field]) => [name, toWire(fields[name], field)]));
  }
  const element = type[1];
  if (type[0] === 'map') {
    return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, toWire(item, element)]));
  }
  return (value as unknown[]).map((item) => toWire(item, element));
}

function fromWire(value: unknown, type: AttributeType): Value {
  if (value === null || value === undefined) return null;
  if (isUnknown(value)) return value;
  if (typeof type === 'string') return type === 'number' ? Number(value) : value;
  if (type[0] === 'object') {
    const fields = value as Record<string, unknown>;
    return Object.fromEntries(Object.entries(type[1]).map(([name, field]) => [name, fromWire(fields[name], field)]));
  }
  const element = type[1];
  if (type[0] === 'map') {
    return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, fromWire(item, element)]));
  }
  return (value as unknown[]).map((item) => fromWire(item, element));
}
