/** Reads schemas in the form of `terraform providers schema -json`, as in schemas/. */
import { readFileSync } from 'node:fs';
import type { Attribute, AttributeType, Block, NestedBlock, Nesting, ProviderSchema, VersionedBlock } from './schema';

interface JsonAttribute extends Omit<Attribute, 'type' | 'nested' | 'writeOnly'> {
  readonly type: AttributeType;
  readonly write_only?: boolean;
}

interface JsonBlock {
  readonly attributes?: Readonly<Record<string, JsonAttribute>>;
  readonly block_types?: Readonly<
    Record<string, { nesting_mode: Nesting; block: JsonBlock; min_items?: number; max_items?: number }>
  >;
}

interface JsonSchema {
  readonly version: number;
  readonly block: JsonBlock;
}

interface JsonFile {
  readonly provider_schemas: Readonly<
    Record<
      string,
      {
        readonly provider: JsonSchema;
        readonly resource_schemas: Readonly<Record<string, JsonSchema>>;
        readonly data_source_schemas: Readonly<Record<string, JsonSchema>>;
      }
    >
  >;
}

/** The one provider in a schema file. */
export function readSchemaFile(file: string): ProviderSchema {
  const { provider_schemas: schemas } = JSON.parse(readFileSync(file, 'utf8')) as JsonFile;
  const [entry] = Object.entries(schemas);
  if (entry === undefined) throw new Error(`${file} holds no provider`);
  const [address, { provider, resource_schemas: resources, data_source_schemas: dataSources }] = entry;
  return {
    address,
    provider: blockOf(provider.block),
    resources: mapValues(resources, versioned),
    dataSources: mapValues(dataSources, versioned),
  };
}

function versioned({ version, block }: JsonSchema): VersionedBlock {
  return { ...blockOf(block), version };
}

function blockOf({ attributes = {}, block_types: blocks = {} }: JsonBlock): Block {
  return {
    attributes: mapValues(attributes, ({ write_only: writeOnly, ...rest }): Attribute => ({
      ...rest,
      ...(writeOnly && { writeOnly }),
    })),
    blocks: mapValues(
      blocks,
      ({ nesting_mode: nesting, block, min_items: minItems, max_items: maxItems }): NestedBlock => ({
        nesting,
        block: blockOf(block),
        ...(minItems !== undefined && { minItems }),
        ...(maxItems !== undefined && { maxItems }),
      }),
    ),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
