/**
 * Schemas of the providers, derived from their bindings: those of an npm package, or of our own in .gen. No package ships
 * Terraform's own schema, but the generated code says all of it except what the behaviors of a resource type add.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBindingSource, type BindingSource, type ClassField, type InputField } from './binding-source';
import type { Attribute, AttributeType, Block, NestedBlock, Nesting, ProviderSchema, VersionedBlock } from './schema';

const GENERATED = join(__dirname, '../../../../.gen/providers');

export interface DerivedTypes {
  readonly resources?: readonly string[];
  readonly dataSources?: readonly string[];
}

/**
 * The schema of a provider, with the types in use only: the whole of one takes seconds to derive.
 *
 * @param name as in `@cdktf/provider-<name>`
 */
export function deriveProviderSchema(name: string, types: DerivedTypes): ProviderSchema {
  const manifest = require.resolve(`@cdktf/provider-${name}/package.json`);
  const { cdktf } = JSON.parse(readFileSync(manifest, 'utf8')) as { cdktf: { provider: { name: string } } };
  const folder = join(dirname(manifest), 'lib');
  return { address: cdktf.provider.name, ...derive(name, types, (binding) => join(folder, binding, 'index.js')) };
}

/** The same for a provider of HashiCorp's whose bindings stand in .gen. */
export function deriveGeneratedSchema(name: string, types: DerivedTypes): ProviderSchema {
  const address = `registry.terraform.io/hashicorp/${name}`;
  return { address, ...derive(name, types, (binding) => join(GENERATED, name, binding, 'index.ts')) };
}

function derive(
  name: string,
  { resources = [], dataSources = [] }: DerivedTypes,
  fileOf: (binding: string) => string,
): Omit<ProviderSchema, 'address'> {
  const versioned = (binding: string): VersionedBlock => ({ ...deriveBlock(fileOf(binding)), version: 0 });
  const partsOf = (type: string) => type.split('_').filter((part, index) => index > 0 || part !== name);
  const all = (types: readonly string[], kind: readonly string[]) =>
    Object.fromEntries(types.map((type) => [type, versioned([...kind, ...partsOf(type)].join('-'))]));
  return {
    provider: deriveBlock(fileOf('provider')),
    resources: all(resources, []),
    dataSources: all(dataSources, ['data', name]),
  };
}

/** The block of one binding file. */
function deriveBlock(file: string): Block {
  const source = readBindingSource(file);
  return blockOf(source, { interface: `${source.rootClass}Config`, class: source.rootClass });
}

/** A struct of the bindings: what can be configured, and what can be read. */
interface Struct {
  readonly interface: string;
  readonly class: string;
}

const META_ARGUMENTS = ['alias'];

function blockOf(source: BindingSource, struct: Struct): Block {
  const inputs = new Map((source.inputs(struct.interface) ?? []).map((input) => [input.name, input]));
  const fields = source.fields(struct.class) ?? [...inputs.values()].map(asField);
  const attributes: Record<string, Attribute> = {};
  const blocks: Record<string, NestedBlock> = {};
  for (const field of fields) {
    if (META_ARGUMENTS.includes(field.name)) continue;
    const input = inputs.get(field.name);
    const child = childOf(source, field, input);
    const flags = flagsOf(field);
    if (child === undefined) {
      attributes[field.name] = { type: plainType(source, struct, field, input), ...flags };
      continue;
    }
    const nesting = nestingOf(source, struct, field, input);
    const inner = blockOf(source, child);
    if (input?.isBlock) blocks[field.name] = { ...nesting, block: inner, ...(field.required && { minItems: 1 }) };
    else attributes[field.name] = { nested: { nesting: nesting.nesting, attributes: inner.attributes }, ...flags };
  }
  return { attributes, blocks };
}

/** A provider's nested structs have no class. */
function asField({ name, optional }: InputField): ClassField {
  return { name, optional, required: !optional, computed: false, code: '' };
}

function flagsOf({ required, optional, computed }: ClassField): Pick<Attribute, 'required' | 'optional' | 'computed'> {
  return { ...(required && { required }), ...(optional && { optional }), ...(computed && { computed }) };
}

function childOf(source: BindingSource, field: ClassField, input: InputField | undefined): Struct | undefined {
  const fromCode = /new (\w+?)(?:List|OutputReference)\(this, "/.exec(field.code)?.[1];
  const name = fromCode ?? /^(\w+)(?:\[\])?(?: \| cdktf\.IResolvable)?$/.exec(input?.type ?? '')?.[1];
  if (name === undefined || source.inputs(name) === undefined) return undefined;
  return { interface: name, class: `${name}OutputReference` };
}

function nestingOf(
  source: BindingSource,
  struct: Struct,
  { name, code }: ClassField,
  input: InputField | undefined,
): { nesting: Nesting; maxItems?: number } {
  const written = source.hclType(struct.interface, name) ?? source.hclType(struct.class, name);
  const list = /new \w+List\(this, "\w+", (true|false)\)/.exec(code)?.[1];
  if (list !== undefined) return { nesting: list === 'true' ? 'set' : 'list' };
  if (written === 'list' || written === 'set') {
    const takesOne = !/\[\]/.test(input?.type ?? '');
    return { nesting: written, ...(takesOne && { maxItems: 1 }) };
  }
  return { nesting: 'single' };
}

const PRIMITIVES: Readonly<Record<string, AttributeType>> = {
  string: 'string',
  String: 'string',
  number: 'number',
  Number: 'number',
  boolean: 'bool',
  Boolean: 'bool',
};

function plainType(
  source: BindingSource,
  struct: Struct,
  field: ClassField,
  input: InputField | undefined,
): AttributeType {
  const written = source.hclType(struct.interface, field.name) ?? source.hclType(struct.class, field.name);
  const isSet = written === 'set' || /Fn\.tolist\(/.test(field.code);
  const getter = /this\.get(\w*?)(List|Map|)Attribute\(/.exec(field.code);
  if (getter !== null) {
    const [, element = '', collection] = getter;
    if (collection === 'List') return [isSet ? 'set' : 'list', PRIMITIVES[element === '' ? 'string' : element]!];
    if (collection === 'Map') return ['map', PRIMITIVES[element]!];
    return PRIMITIVES[element]!;
  }
  const map = /new cdktf\.(\w+)Map\(/.exec(field.code)?.[1] ?? /\[key: string\]: (\w+)/.exec(input?.type ?? '')?.[1];
  if (map !== undefined) return ['map', PRIMITIVES[map]!];
  const [, element, array] = /^(\w+)(\[\])?/.exec(input?.type ?? '') ?? [];
  const type = PRIMITIVES[element ?? ''];
  if (type === undefined) throw new Error(`no type for ${struct.class}.${field.name}`);
  return array === undefined ? type : [isSet ? 'set' : 'list', type];
}
