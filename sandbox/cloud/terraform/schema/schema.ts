/** Schemas of providers, as `terraform providers schema -json` prints them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../../schemas');

export type AttributeType =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', AttributeType]
  | readonly ['object', Readonly<Record<string, AttributeType>>];

export type Nesting = 'single' | 'list' | 'set';

export interface Attribute {
  /** Absent for an attribute with nested attributes. */
  readonly type?: AttributeType;
  readonly nested_type?: { readonly nesting_mode: Nesting; readonly attributes: Readonly<Record<string, Attribute>> };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  /** Never in a plan and never in a state. */
  readonly write_only?: boolean;
}

export interface NestedBlock {
  readonly nesting_mode: Nesting;
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly block_types: Readonly<Record<string, NestedBlock>>;
}

export interface VersionedBlock {
  /** Version of the state's shape. */
  readonly version: number;
  readonly block: Block;
}

export interface ProviderSchema {
  /** For example `registry.terraform.io/digitalocean/digitalocean`. */
  readonly address: string;
  readonly provider: VersionedBlock;
  readonly resource_schemas: Readonly<Record<string, VersionedBlock>>;
  readonly data_source_schemas: Readonly<Record<string, VersionedBlock>>;
}

/** The schema in `schemas/`, which has the types in use only. @param name such as `digitalocean` */
export function providerSchema(name: string): ProviderSchema {
  const file = readdirSync(FOLDER).find((one) => one.startsWith(`${name}@`))!;
  const { provider_schemas } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'), filled) as {
    provider_schemas: Readonly<Record<string, Pick<ProviderSchema, 'provider'>>>;
  };
  const [address, schema] = Object.entries(provider_schemas)[0]!;
  return { address, resource_schemas: {}, data_source_schemas: {}, ...schema };
}

/** Terraform leaves out what a block has none of. */
function filled(key: string, value: unknown): unknown {
  return key === 'block' ? { attributes: {}, block_types: {}, ...(value as Partial<Block>) } : value;
}

/** The type of a block's value: an object with its attributes and nested blocks. */
export function typeOfBlock({ attributes, block_types }: Block): AttributeType {
  const fields = Object.entries(attributes).map(([name, attribute]) => [name, typeOfAttribute(attribute)]);
  const nested = Object.entries(block_types).map(([name, { nesting_mode, block }]) => [
    name,
    wrap(nesting_mode, typeOfBlock(block)),
  ]);
  return ['object', Object.fromEntries([...fields, ...nested]) as Record<string, AttributeType>];
}

/** The type of an attribute's value. */
export function typeOfAttribute({ type, nested_type: nested }: Attribute): AttributeType {
  if (type !== undefined) return type;
  if (nested === undefined) throw new Error('an attribute has neither a type nor nested attributes');
  return wrap(nested.nesting_mode, typeOfBlock({ attributes: nested.attributes, block_types: {} }));
}

function wrap(nesting: Nesting, type: AttributeType): AttributeType {
  return nesting === 'single' ? type : [nesting, type];
}
