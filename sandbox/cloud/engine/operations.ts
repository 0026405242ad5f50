/** Plan, apply and read of one resource. */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import type { Block } from '../schema/schema';
import { planChange, replacedBy } from './plan';
import { ProviderError, type ResourceType } from './resource';

export interface Planned {
  readonly planned: ValueObject;
  /** Attributes that make a new resource. */
  readonly replacedBy: readonly string[];
}

export function planResource<Client>(
  type: ResourceType<Client>,
  block: Block,
  change: { prior: ValueObject | null; config: ValueObject; proposed: ValueObject; notes: ValueObject | undefined },
): Planned {
  const planned = planChange({ block, traits: type, ...change });
  const custom = type.customizePlan?.({ ...change, planned }) ?? [];
  return { planned, replacedBy: [...replacedBy(type, change.prior, planned), ...custom] };
}

export interface Applied {
  readonly state: ValueObject | null;
  readonly notes: ValueObject | undefined;
  readonly error?: ProviderError;
}

/** Carries out a planned change. A failed update or delete leaves the resource in the state as it was. */
export async function applyChange<Client>(
  type: ResourceType<Client>,
  block: Block,
  change: {
    client: Client;
    prior: ValueObject | null;
    planned: ValueObject | null;
    config: ValueObject | null;
    notes: ValueObject | undefined;
  },
): Promise<Applied> {
  const { client, prior, planned, notes } = change;
  const config = change.config ?? {};
  try {
    if (planned === null) {
      await type.delete({ client, state: prior!, notes });
      return { state: null, notes: undefined };
    }
    const result =
      prior === null
        ? await type.create({ client, config, planned, notes })
        : await update(type, { client, config, prior, planned, notes });
    const state = complete(block, { ...planned, ...result }, planned);
    return { state, notes: type.notes?.(state, config) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { state: prior, notes, error };
  }
}

function update<Client>(
  type: ResourceType<Client>,
  change: {
    client: Client;
    config: ValueObject;
    prior: ValueObject;
    planned: ValueObject;
    notes: ValueObject | undefined;
  },
): Promise<ValueObject> {
  if (type.update === undefined) throw new Error('an update was planned for a resource type without updates');
  return type.update(change);
}

/** Reads the resource again; attributes that the provider does not know keep their value from the state. */
export async function readResource<Client>(
  type: ResourceType<Client>,
  block: Block,
  { client, state, notes }: { client: Client; state: ValueObject; notes: ValueObject | undefined },
): Promise<ValueObject | null> {
  const found = await type.read({ client, state, notes });
  return found === null ? null : complete(block, { ...state, ...found }, state);
}

/** A state has no unknowns, no write-only values, and a value for everything else. */
function complete(block: Block, value: ValueObject, fallback: ValueObject): ValueObject {
  const attributes = Object.entries(block.attributes).map(([name, { writeOnly }]) => [
    name,
    writeOnly ? null : known(value[name] ?? fallback[name] ?? null),
  ]);
  const blocks = Object.entries(block.blocks).map(([name, nested]) => {
    const inner = value[name] ?? fallback[name] ?? (nested.nesting === 'single' ? null : []);
    return [name, completeNested(nested.block, inner)];
  });
  return Object.fromEntries([...attributes, ...blocks]) as ValueObject;
}

function completeNested(block: Block, value: Value): Value {
  if (value === null || isUnknown(value)) return null;
  if (Array.isArray(value)) return (value as readonly ValueObject[]).map((item) => complete(block, item, item));
  return complete(block, value, value);
}

function known(value: Value): Value {
  if (isUnknown(value)) return null;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(known);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item as Value)]));
}

export function encodeNotes(notes: ValueObject | undefined): Uint8Array {
  return notes === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(notes));
}

export function decodeNotes(bytes: Uint8Array | undefined): ValueObject | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const notes = JSON.parse(Buffer.from(bytes).toString('utf8')) as ValueObject;
  // Terraform keeps its own notes (time-outs) in the same place.
  return typeof notes === 'object' ? notes : undefined;
}
