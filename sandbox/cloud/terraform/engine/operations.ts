/** Plan, apply and read of one resource. */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import type { Block } from '../schema/schema';
import { mapElements } from './nesting';
import { planChange, replacedBy } from './plan';
import {
  ProviderError,
  UnfinishedResource,
  type Call,
  type Change,
  type Existing,
  type ResourceType,
} from './resource';
import { asPlanned, filledBlocks } from './sdk';
import type { TypeWithSchema } from './served-types';

export interface Planned {
  readonly planned: ValueObject;
  /** Attributes that make a new resource. */
  readonly replacedBy: readonly string[];
}

type Resource<Client> = TypeWithSchema<ResourceType<Client>>;

export function planResource<Client>(
  { type, schema, sdk }: Resource<Client>,
  change: {
    prior: ValueObject | null;
    config: ValueObject;
    proposed: ValueObject;
    privateState: ValueObject | undefined;
  },
): Planned {
  const planned = planChange({ block: schema, behaviors: type, sdk, ...change });
  const custom = type.customizePlan?.({ ...change, planned }) ?? [];
  return { planned, replacedBy: [...replacedBy(type, schema, change.prior, planned), ...custom] };
}

export interface PlannedChange {
  readonly prior: ValueObject | null;
  /** Null to delete the resource. */
  readonly planned: ValueObject | null;
  readonly config: ValueObject | null;
  readonly privateState: ValueObject | undefined;
}

export interface Applied {
  readonly state: ValueObject | null;
  readonly privateState: ValueObject | undefined;
  readonly error?: ProviderError;
}

/** Carries out a planned change. A failed update or delete leaves the resource in the state as it was. */
export async function applyChange<Client>(
  resource: Resource<Client>,
  change: PlannedChange,
  call: Call<Client>,
): Promise<Applied> {
  const { type } = resource;
  const { prior, planned, privateState } = change;
  const config = change.config ?? {};
  try {
    if (planned === null) {
      await type.delete({ ...call, state: prior!, privateState });
      return { state: null, privateState: undefined };
    }
    const result =
      prior === null
        ? await type.create({ ...call, config, planned, privateState })
        : await update(type, { ...call, config, prior, planned, privateState });
    const state = stateAfter(resource, planned, result);
    return { state, privateState: type.privateState?.(state, config) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const made = error instanceof UnfinishedResource;
    return { state: made ? stateAfter(resource, planned!, error.state) : prior, privateState, error };
  }
}

function stateAfter<Client>({ schema, sdk }: Resource<Client>, planned: ValueObject, result: ValueObject): ValueObject {
  const state = complete(schema, { ...planned, ...result }, planned);
  return sdk ? asPlanned(schema, filledBlocks(schema, state), planned) : state;
}

function update<Client>(type: ResourceType<Client>, change: Change<Client>): Promise<ValueObject> {
  if (type.update === undefined) throw new Error('an update was planned for a resource type without updates');
  return type.update(change);
}

/** Reads the resource again; attributes that the provider does not know keep their value from the state. */
export async function readResource<Client>(
  { type, schema, sdk }: Resource<Client>,
  operation: Existing<Client>,
): Promise<ValueObject | null> {
  const { state } = operation;
  const found = await type.read(operation);
  if (found === null || found === undefined) return null;
  const read = complete(schema, { ...state, ...found }, state);
  return sdk ? filledBlocks(schema, read) : read;
}

/** A state has no unknowns, no write-only values, and a value for everything else: the fallback's, or none. */
export function complete(block: Block, value: ValueObject, fallback: ValueObject = {}): ValueObject {
  const attributes = Object.entries(block.attributes).map(([name, { write_only }]) => [
    name,
    write_only ? null : known(value[name] ?? fallback[name] ?? null),
  ]);
  const blocks = Object.entries(block.block_types).map(([name, nested]) => {
    const elements = known(value[name] ?? fallback[name] ?? null);
    return [name, mapElements(nested.nesting_mode, elements, (element) => complete(nested.block, element))];
  });
  return Object.fromEntries([...attributes, ...blocks]) as ValueObject;
}

function known(value: Value): Value {
  if (isUnknown(value)) return null;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(known);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item as Value)]));
}

export function encodePrivateState(privateState: ValueObject | undefined): Uint8Array {
  return privateState === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(privateState));
}

export function decodePrivateState(bytes: Uint8Array | undefined): ValueObject | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const privateState = JSON.parse(Buffer.from(bytes).toString('utf8')) as ValueObject;
  // A provider of terraform-plugin-sdk may have written something else, such as a number.
  return typeof privateState === 'object' ? privateState : undefined;
}
