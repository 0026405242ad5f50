/** Puts what is known about a resource type beyond its bindings into its schema. */
import type { Attribute, Block, VersionedBlock } from '../schema/schema';
import type { ResourceTraits } from './resource';

/** The schema as Terraform gets it: sensitive and write-only marks, defaults as computed, the state's version. */
export function withTraits(schema: VersionedBlock, traits: ResourceTraits): VersionedBlock {
  const marks: Mark[] = [
    ...(traits.sensitive ?? []).map((path): Mark => [path, { sensitive: true }]),
    ...(traits.writeOnly ?? []).map((path): Mark => [path, { writeOnly: true, sensitive: true }]),
    // The plan may fill in what the user left out only where the schema says so.
    ...Object.keys(traits.defaults ?? {}).map((path): Mark => [path, { computed: true }]),
  ];
  return { ...marks.reduce(marked, schema), version: traits.schemaVersion ?? schema.version };
}

type Mark = readonly [path: string, change: Partial<Attribute>];

function marked<B extends Block>(block: B, [path, change]: Mark): B {
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  const attribute = block.attributes[name];
  if (rest.length === 0) {
    if (attribute === undefined) throw new Error(`the schema has no attribute ${path}`);
    return { ...block, attributes: { ...block.attributes, [name]: { ...attribute, ...change } } };
  }
  const inner = rest.join('.');
  if (attribute?.nested !== undefined) {
    const { attributes } = marked({ attributes: attribute.nested.attributes, blocks: {} }, [inner, change]);
    const nested = { ...attribute.nested, attributes };
    return { ...block, attributes: { ...block.attributes, [name]: { ...attribute, nested } } };
  }
  const child = block.blocks[name];
  if (child === undefined) throw new Error(`the schema has no block ${path}`);
  return { ...block, blocks: { ...block.blocks, [name]: { ...child, block: marked(child.block, [inner, change]) } } };
}
