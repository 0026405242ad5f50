/** The plan of a change: what is known before the apply, and what makes a new resource. */
import { isDeepStrictEqual } from 'node:util';
import { isUnknown, UNKNOWN, type Value, type ValueObject } from '../protocol/values';
import { typeOfBlock, type Attribute, type Block, type Nesting } from '../schema/schema';
import { canonical } from './canonical';
import { elementAt, mapElements } from './nesting';
import type { SchemaBehaviors } from './resource';
import { emptied, filledElement, isEmpty, isUnknownSet } from './sdk';

export interface PlanInput {
  readonly block: Block;
  readonly behaviors: SchemaBehaviors;
  readonly sdk: boolean;
  readonly prior: ValueObject | null;
  readonly config: ValueObject;
  /** Terraform's own merge of prior state and configuration. */
  readonly proposed: ValueObject;
}

/** The planned state, as far as the schema and the behaviors decide it. */
export function planChange({ block, behaviors, sdk, prior, config, proposed }: PlanInput): Record<string, Value> {
  const planned = planBlock({ block, behaviors, sdk, path: '' }, prior, config, proposed);
  if (prior === null) return planned;
  const type = typeOfBlock(block);
  // Time-outs alone are no change. Source: terraform-plugin-sdk, PlanResourceChange.
  const comparable = (value: ValueObject) => canonical({ ...value, timeouts: null }, type);
  if (isDeepStrictEqual(comparable(planned), comparable(prior))) {
    if ('timeouts' in planned) planned['timeouts'] = prior['timeouts'] ?? null;
    return planned;
  }
  for (const name of behaviors.changesOnUpdate ?? []) {
    if (config[name] === null) planned[name] = UNKNOWN;
  }
  return planned;
}

/** Attributes whose planned change makes a new resource. */
export function replacedBy(
  behaviors: SchemaBehaviors,
  block: Block,
  prior: ValueObject | null,
  planned: ValueObject,
): string[] {
  if (prior === null) return [];
  const type = typeOfBlock(block);
  const [before, after] = [canonical(prior, type), canonical(planned, type)];
  return (behaviors.forceNew ?? []).filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)));
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
  readonly behaviors: SchemaBehaviors;
  readonly sdk: boolean;
  /** Where the block is, with a dot at the end; empty for the resource itself. */
  readonly path: string;
}

function planBlock(
  place: Place,
  prior: ValueObject | null,
  config: ValueObject,
  proposed: ValueObject,
): Record<string, Value> {
  const { block, behaviors, sdk, path } = place;
  const valuesOf = (name: string) => ({
    isNew: prior === null,
    prior: prior?.[name] ?? null,
    config: config[name] ?? null,
    proposed: proposed[name] ?? null,
  });
  const attributes = Object.entries(block.attributes).map(([name, attribute]) => {
    const values = valuesOf(name);
    const same = sdk && isSame(behaviors, `${path}${name}`, values, config);
    const planned = same ? values.prior : planAttribute(attribute, behaviors, `${path}${name}`, values);
    if (sdk && isUnknownSet(attribute, planned)) return [name, UNKNOWN];
    return [name, planned ?? (sdk ? emptied(attribute, values.prior) : null)];
  });
  const blocks = Object.entries(block.block_types).map(([name, nested]) => [
    name,
    planNested({ ...place, block: nested.block, path: `${path}${name}.` }, nested.nesting_mode, valuesOf(name)),
  ]);
  return Object.fromEntries([...attributes, ...blocks]) as Record<string, Value>;
}

interface Values {
  readonly isNew: boolean;
  readonly prior: Value;
  readonly config: Value;
  readonly proposed: Value;
}

/** Whether the SDK sees no change: both are empty, or the attribute's own comparison says so. */
function isSame(
  behaviors: SchemaBehaviors,
  path: string,
  { isNew, prior, config }: Values,
  whole: ValueObject,
): boolean {
  if (isNew || isUnknown(config)) return false;
  if (config !== null && behaviors.sameValue?.[path]?.(prior, config, whole)) return true;
  return isEmpty(prior) && isEmpty(config ?? behaviors.defaults?.[path] ?? null);
}

function planAttribute(attribute: Attribute, behaviors: SchemaBehaviors, path: string, value: Values): Value {
  if (attribute.write_only) return null;
  if (value.config !== null) return stored(behaviors, path, value.config);
  const preset = behaviors.defaults?.[path];
  if (preset !== undefined) return preset;
  if (!attribute.computed) return value.proposed;
  return value.isNew && value.proposed === null ? UNKNOWN : value.proposed;
}

function stored(behaviors: SchemaBehaviors, path: string, value: Value): Value {
  const change = behaviors.stored?.[path];
  return change === undefined || isUnknown(value) ? value : change(value);
}

function planNested(place: Place, nesting: Nesting, { isNew, prior, config, proposed }: Values): Value {
  if (config === null) return proposed;
  if (place.behaviors.computedBlocks?.includes(place.path.slice(0, -1)) && isEmpty(config)) {
    return isNew ? UNKNOWN : prior;
  }
  return mapElements(nesting, config, (element, key) => {
    // A set's elements have no places: the same element is the one that holds all that the user wrote.
    const same = (among: Value) =>
      nesting === 'set' ? elements(among).find((candidate) => agrees(candidate, element)) : elementAt(among, key);
    const planned = planBlock(place, same(prior) ?? null, element, same(proposed) ?? element);
    return place.sdk && nesting === 'set' ? filledElement(place.block, planned) : planned;
  });
}

function elements(value: Value): readonly ValueObject[] {
  return Array.isArray(value) ? (value as readonly ValueObject[]) : [];
}

function agrees(candidate: ValueObject, element: ValueObject): boolean {
  return Object.entries(element).every(([name, value]) => value === null || isDeepStrictEqual(candidate[name], value));
}
