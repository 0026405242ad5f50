/** Resource types and data sources with the schema that Terraform gets, and their values on the wire. */
import { decodeValue, encodeValue, type ValueObject } from '../protocol/values';
import { typeOfBlock, type Block, type VersionedBlock } from '../schema/schema';
import { ProviderError, type SchemaBehaviors } from './resource';
import { withBehaviors } from './behaviors';

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
  readonly schema: VersionedBlock;
  /** Whether it behaves as terraform-plugin-sdk does. */
  readonly sdk: boolean;
}

export interface ServedType<Type> extends BlockCodec, TypeWithSchema<Type> {
  readonly name: string;
}

export interface ServedTypes<Type> {
  readonly schemas: Readonly<Record<string, VersionedBlock>>;
  /** The type that a request names. */
  of(request: Readonly<Record<string, unknown>>): ServedType<Type>;
}

export function servedTypes<Type extends SchemaBehaviors>(
  schemas: Readonly<Record<string, VersionedBlock>>,
  types: Readonly<Record<string, Type>>,
  sdk: boolean,
): ServedTypes<Type> {
  const served = new Map(
    Object.entries(types).map(([name, type]) => {
      const derived = schemas[name];
      if (derived === undefined) throw new Error(`there is no schema for ${name}`);
      const schema = withBehaviors(derived, type, sdk);
      return [name, { name, type, schema, sdk, ...blockCodec(schema) }];
    }),
  );
  return {
    schemas: Object.fromEntries([...served].map(([name, { schema }]) => [name, schema])),
    of: (request) => {
      const name = request['type_name'] as string;
      const type = served.get(name);
      if (type === undefined) throw new ProviderError('Not emulated', `The emulated cloud has no ${name}.`);
      return type;
    },
  };
}

export function blockCodec(block: Block): BlockCodec {
  const type = typeOfBlock(block);
  return {
    decode: (value) => decodeValue((value as DynamicValue).msgpack, type) as ValueObject | null,
    encode: (value) => ({ msgpack: encodeValue(value, type) }),
  };
}
