/** Resource types and data sources with the schema that Terraform gets, and their values on the wire. */
import { decodeValue, encodeValue, type ValueObject } from '../protocol/values';
import { typeOfBlock, type Block, type VersionedBlock } from '../schema/schema';
import { ProviderError } from './resource';

/** A value as the protocol's messages hold it. */
export interface DynamicValue {
  readonly msgpack: Uint8Array;
}

export interface BlockCodec {
  decode(value: unknown): ValueObject | null;
  encode(value: ValueObject | null): DynamicValue;
}

/** A type as the engine works on it. */
export interface TypeWithSchema<Type> {
  readonly type: Type;
  readonly schema: Block;
  /** Whether it behaves as terraform-plugin-sdk does. */
  readonly sdk: boolean;
}

export interface ServedType<Type> extends BlockCodec, TypeWithSchema<Type> {
  readonly name: string;
}

/** The type that a request names. */
export type ServedTypes<Type> = (request: Readonly<Record<string, unknown>>) => ServedType<Type>;

export function servedTypes<Type>(
  schemas: Readonly<Record<string, VersionedBlock>>,
  types: Readonly<Record<string, Type>>,
  sdk: boolean,
): ServedTypes<Type> {
  return (request) => {
    const name = request['type_name'] as string;
    const type = types[name];
    if (type === undefined) throw new ProviderError('Not emulated', `The emulated cloud has no ${name}.`);
    const schema = schemas[name]!.block;
    return { name, type, schema, sdk, ...blockCodec(schema) };
  };
}

export function blockCodec(block: Block): BlockCodec {
  const type = typeOfBlock(block);
  return {
    decode: (value) => decodeValue((value as DynamicValue).msgpack, type) as ValueObject | null,
    encode: (value) => ({ msgpack: encodeValue(value, type) }),
  };
}
