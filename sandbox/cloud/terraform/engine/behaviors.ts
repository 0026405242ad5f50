/** Puts what is known about a resource type beyond its bindings into its schema. */
import { typeOfAttribute, type Attribute, type Block, type VersionedBlock } from '../schema/schema';
import type { SchemaBehaviors } from './resource';

/**
 * The schema as Terraform gets it: sensitive, write-only and deprecated marks, defaults, the state's version.
 *
 * @param sdk a provider of terraform-plugin-sdk knows no nested attributes, and may plan a default unannounced
 */
export function withBehaviors(schema: VersionedBlock, behaviors: SchemaBehaviors, sdk: boolean): VersionedBlock {
  const marks: Mark[] = [
    ...(behaviors.sensitive ?? []).map((path): Mark => [path, { sensitive: true }]),
    ...(behaviors.writeOnly ?? []).map((path): Mark => [path, { writeOnly: true }]),
    ...(behaviors.deprecated ?? []).map((path): Mark => [path, { deprecated: true }]),
    ...(sdk ? [] : Object.keys(behaviors.defaults ?? {}).map((path): Mark => [path, { computed: true }])),
  ];
  const { attributes, blocks } = marks.reduce(marked, schema);
  const version = behaviors.schemaVersion ?? schema.version;
  return { attributes: sdk ? unnested(attributes) : attributes, blocks, version };
}

function unnested(attributes: Block['attributes']): Block['attributes'] {
  const plain = Object.entries(attributes).map(([name, { nested, ...rest }]) => [
    name,
    nested === undefined ? rest : { ...rest, type: typeOfAttribute({ nested }) },
  ]);
  return Object.fromEntries(plain) as Block['attributes'];
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
