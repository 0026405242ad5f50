/** The plan of a change: what is known before the apply, and what makes a new resource. */
import { isDeepStrictEqual } from 'node:util';
import { isUnknown, UNKNOWN, type Value, type ValueObject } from '../protocol/values';
import type { Attribute, Block } from '../schema/schema';
import type { ResourceTraits } from './resource';

export interface PlanInput {
  readonly block: Block;
  readonly traits: ResourceTraits;
  readonly prior: ValueObject | null;
  readonly config: ValueObject;
  /** Terraform's own merge of prior state and configuration. */
  readonly proposed: ValueObject;
}

/** The planned state, as far as the schema and the traits decide it. */
export function planChange({ block, traits, prior, config, proposed }: PlanInput): Record<string, Value> {
  const planned = planBlock({ block, traits, path: '' }, prior, config, proposed);
  if (prior !== null && !isDeepStrictEqual(planned, prior)) {
    for (const name of traits.changesOnUpdate ?? []) {
      if (config[name] === null) planned[name] = UNKNOWN;
    }
  }
  return planned;
}

/** Attributes whose planned change makes a new resource. */
export function replacedBy(traits: ResourceTraits, prior: ValueObject | null, planned: ValueObject): string[] {
  if (prior === null) return [];
  return (traits.forceNew ?? []).filter((path) => {
    const [before, after] = [valueAt(prior, path), valueAt(planned, path)];
    return !isDeepStrictEqual(before, after);
  });
}

/** All values at a path; a list of blocks in between yields one value per element. */
function valueAt(value: Value | undefined, path: string): unknown {
  if (path === '') return value;
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  if (Array.isArray(value)) return (value as Value[]).map((item) => valueAt(item, path));
  if (value === null || value === undefined || isUnknown(value) || typeof value !== 'object') return value ?? null;
  return valueAt((value as ValueObject)[name] ?? null, rest.join('.'));
}

interface Place {
  readonly block: Block;
  readonly traits: ResourceTraits;
  /** Where the block is, with a dot at the end; empty for the resource itself. */
  readonly path: string;
}

function planBlock(
  { block, traits, path }: Place,
  prior: ValueObject | null,
  config: ValueObject,
  proposed: ValueObject,
): Record<string, Value> {
  const attributes = Object.entries(block.attributes).map(([name, attribute]) => [
    name,
    planAttribute(attribute, traits, `${path}${name}`, {
      isNew: prior === null,
      config: config[name] ?? null,
      proposed: proposed[name] ?? null,
    }),
  ]);
  const blocks = Object.entries(block.blocks).map(([name, nested]) => {
    const place = { block: nested.block, traits, path: `${path}${name}.` };
    const values = { prior: prior?.[name] ?? null, config: config[name] ?? null, proposed: proposed[name] ?? null };
    return [name, planNested(place, nested.nesting === 'set', values)];
  });
  return Object.fromEntries([...attributes, ...blocks]) as Record<string, Value>;
}

function planAttribute(
  attribute: Attribute,
  traits: ResourceTraits,
  path: string,
  value: { isNew: boolean; config: Value; proposed: Value },
): Value {
  if (attribute.writeOnly) return null;
  if (value.config !== null) return stored(traits, path, value.config);
  const preset = traits.defaults?.[path];
  if (preset !== undefined) return preset;
  if (!attribute.computed) return value.proposed;
  return value.isNew && value.proposed === null ? UNKNOWN : value.proposed;
}

function stored(traits: ResourceTraits, path: string, value: Value): Value {
  const change = traits.stored?.[path];
  return change === undefined || isUnknown(value) ? value : change(value);
}

function planNested(place: Place, isSet: boolean, value: { prior: Value; config: Value; proposed: Value }): Value {
  const { prior, config, proposed } = value;
  if (isUnknown(config)) return config;
  if (config === null || typeof config !== 'object') return proposed;
  if (!Array.isArray(config)) {
    const single = { prior: prior as ValueObject | null, config: config as ValueObject };
    return planBlock(place, single.prior, single.config, (proposed as ValueObject | null) ?? single.config);
  }
  const [before, merged] = [elements(prior), elements(proposed)];
  return elements(config).map((item, index) => {
    if (isUnknown(item)) return item;
    // A set's elements have no places: the same element is the one that holds all that the user wrote.
    const find = (among: readonly Value[]) =>
      isSet ? among.find((candidate) => agrees(candidate, item)) : among[index];
    const old = find(before) as ValueObject | undefined;
    const next = find(merged) as ValueObject | undefined;
    const configured = item as unknown as ValueObject;
    return planBlock(place, old ?? null, configured, next ?? configured);
  });
}

function elements(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

function agrees(candidate: Value, item: Value): boolean {
  const [there, here] = [candidate as ValueObject, item as ValueObject];
  return Object.entries(here).every(([name, value]) => value === null || isDeepStrictEqual(there[name], value));
}
