/** Schemas as messages of the plugin protocol, which has its own names for a few things. */
import type { Attribute, Block, VersionedBlock } from '../schema/schema';

/** Of blocks, and of attributes in attributes. */
const NESTING = { single: 1, list: 2, set: 3 } as const;

export function wireSchema({ version, block }: VersionedBlock): object {
  return { version, block: wireBlock(block) };
}

function wireBlock({ attributes, block_types }: Block): object {
  return {
    attributes: wireAttributes(attributes),
    block_types: Object.entries(block_types).map(([type_name, { nesting_mode, block, ...limits }]) => ({
      ...limits,
      type_name,
      nesting: NESTING[nesting_mode],
      block: wireBlock(block),
    })),
  };
}

function wireAttributes(attributes: Readonly<Record<string, Attribute>>): object[] {
  return Object.entries(attributes).map(([name, { type, nested_type: nested, ...marks }]) => ({
    ...marks,
    name,
    type: type && Buffer.from(JSON.stringify(type)),
    nested_type: nested && { nesting: NESTING[nested.nesting_mode], attributes: wireAttributes(nested.attributes) },
  }));
}
