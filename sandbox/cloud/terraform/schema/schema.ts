/** Schemas of providers, in the terms of Terraform's JSON. */

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
  readonly nested?: { readonly nesting: Nesting; readonly attributes: Readonly<Record<string, Attribute>> };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  /** Never in a plan and never in a state. */
  readonly writeOnly?: boolean;
}

export interface NestedBlock {
  readonly nesting: Nesting;
  readonly block: Block;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly blocks: Readonly<Record<string, NestedBlock>>;
}

export interface VersionedBlock extends Block {
  /** Version of the state's shape; the real provider's, so that a state could go on with it. */
  readonly version: number;
}

export interface ProviderSchema {
  /** For example `registry.terraform.io/digitalocean/digitalocean`. */
  readonly address: string;
  readonly provider: Block;
  readonly resources: Readonly<Record<string, VersionedBlock>>;
  readonly dataSources: Readonly<Record<string, VersionedBlock>>;
}

/** The type of a block's value: an object with its attributes and nested blocks. */
export function typeOfBlock({ attributes, blocks }: Block): AttributeType {
  const fields = Object.entries(attributes).map(([name, attribute]) => [name, typeOfAttribute(attribute)]);
  const nested = Object.entries(blocks).map(([name, { nesting, block }]) => [name, wrap(nesting, typeOfBlock(block))]);
  return ['object', Object.fromEntries([...fields, ...nested]) as Record<string, AttributeType>];
}

/** The type of an attribute's value. */
export function typeOfAttribute({ type, nested }: Attribute): AttributeType {
  if (type !== undefined) return type;
  if (nested === undefined) throw new Error('an attribute has neither a type nor nested attributes');
  return wrap(nested.nesting, typeOfBlock({ attributes: nested.attributes, blocks: {} }));
}

function wrap(nesting: Nesting, type: AttributeType): AttributeType {
  return nesting === 'single' ? type : [nesting, type];
}
