/**
 * What a provider that was written with terraform-plugin-sdk makes of empty values: the values that it stores between
 * configuration and state do not tell "empty" from "absent". Source: its helper/schema/grpc_provider.go
 * (normalizeNullValues), schema.go (diff) and field_reader.go.
 */
import { isUnknown, type Value, type ValueObject } from '../protocol/values';
import { typeOfAttribute, type Attribute, type AttributeType, type Block } from '../schema/schema';
import { mapElements } from './nesting';

/** Whether the SDK sees no difference between the value and none. */
export function isEmpty(value: Value): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && !isUnknown(value) && Object.keys(value).length === 0;
}

/** What is planned for an attribute that the configuration has no more: a collection loses its elements, and stays. */
export function emptied(attribute: Attribute, prior: Value): Value {
  return prior !== null && isCollection(attribute) ? emptyOf(typeOfAttribute(attribute)) : null;
}

/** An element of a nested block whose absent attributes are empty ones: the SDK reads and writes it as a whole. */
export function filledElement(block: Block, element: ValueObject): ValueObject {
  const attributes = Object.entries(block.attributes).map(([name, attribute]) => [
    name,
    element[name] ?? emptyOf(typeOfAttribute(attribute)),
  ]);
  return { ...filledBlocks(block, element), ...(Object.fromEntries(attributes) as ValueObject) };
}

/** A state as the SDK stores it: the elements of its nested blocks are filled, time-outs aside. */
export function filledBlocks(block: Block, value: ValueObject): ValueObject {
  const blocks = Object.entries(block.block_types)
    .filter(([, { nesting_mode }]) => nesting_mode !== 'single')
    .map(([name, nested]) => [
      name,
      mapElements(nested.nesting_mode, value[name] ?? null, (element) => filledElement(nested.block, element)),
    ]);
  return { ...value, ...(Object.fromEntries(blocks) as ValueObject) };
}

/** A state after a write: a collection that is empty is absent where the plan had none, except in a set of blocks. */
export function asPlanned(block: Block, state: ValueObject, planned: ValueObject): ValueObject {
  const attributes = Object.keys(block.attributes).map((name) => [
    name,
    isCollection(block.attributes[name]!) && isEmpty(state[name] ?? null) && (planned[name] ?? null) === null
      ? null
      : state[name],
  ]);
  const blocks = Object.entries(block.block_types).map(([name, nested]) => {
    const before = planned[name];
    if (nested.nesting_mode !== 'list' || !Array.isArray(before)) return [name, state[name]];
    return [
      name,
      mapElements('list', state[name] ?? null, (element, index) =>
        asPlanned(nested.block, element, (before[index as number] ?? {}) as ValueObject),
      ),
    ];
  });
  return Object.fromEntries([...attributes, ...blocks]) as ValueObject;
}

/** What a data source that was read holds of blocks that nobody wrote. */
export function withoutEmptyBlocks(block: Block, state: ValueObject): ValueObject {
  const entries = Object.entries(state).map(([name, value]) => [
    name,
    name in block.block_types && isEmpty(value) ? null : value,
  ]);
  return Object.fromEntries(entries) as ValueObject;
}

/** A set with an element that is not known: as a whole, it is not known. */
export function isUnknownSet(attribute: Attribute, value: Value): boolean {
  const type = typeOfAttribute(attribute);
  return type[0] === 'set' && Array.isArray(value) && value.some(isUnknown);
}

function isCollection(attribute: Attribute): boolean {
  return typeof typeOfAttribute(attribute) !== 'string';
}

function emptyOf(type: AttributeType): Value {
  if (type === 'string') return '';
  if (type === 'number') return 0;
  if (type === 'bool') return false;
  return type[0] === 'map' || type[0] === 'object' ? {} : [];
}
