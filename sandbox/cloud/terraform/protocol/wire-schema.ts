/** Schemas as messages of the plugin protocol. */
import type { Attribute, Block, NestedBlock, VersionedBlock } from '../schema/schema';

/** Of blocks, and of attributes in attributes. */
const NESTING = { single: 1, list: 2, set: 3 } as const;

export function wireSchema(schema: VersionedBlock | Block): object {
  const version = 'version' in schema ? schema.version : 0;
  return { version, block: wireBlock(schema) };
}

function wireBlock({ attributes, blocks }: Block): object {
  return {
    attributes: Object.entries(attributes).map(([name, attribute]) => wireAttribute(name, attribute)),
    block_types: Object.entries(blocks).map(([name, nested]) => wireNested(name, nested)),
  };
}

function wireAttribute(name: string, attribute: Attribute): object {
  const { type, nested, required, optional, computed, sensitive, deprecated, writeOnly } = attribute;
  return {
    name,
    ...(type !== undefined && { type: Buffer.from(JSON.stringify(type)) }),
    ...(nested !== undefined && {
      nested_type: {
        nesting: NESTING[nested.nesting],
        attributes: Object.entries(nested.attributes).map(([key, inner]) => wireAttribute(key, inner)),
      },
    }),
    required: required ?? false,
    optional: optional ?? false,
    computed: computed ?? false,
    sensitive: sensitive ?? false,
    deprecated: deprecated ?? false,
    write_only: writeOnly ?? false,
  };
}

function wireNested(name: string, { nesting, block, minItems, maxItems }: NestedBlock): object {
  return {
    type_name: name,
    block: wireBlock(block),
    nesting: NESTING[nesting],
    min_items: minItems ?? 0,
    max_items: maxItems ?? 0,
  };
}
