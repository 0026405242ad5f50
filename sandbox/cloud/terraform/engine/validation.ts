/** What Terraform leaves to the provider to check, and what a stand-in does not know. */
import type { ValueObject } from '../protocol/values';
import type { Block } from '../schema/schema';
import { mapElements } from './nesting';
import { ProviderError } from './resource';
import { isEmpty } from './sdk';

/**
 * Refuses a value for an attribute that only the provider decides.
 *
 * @param outermost the block of the resource that the given one is in
 */
export function refuseComputed(block: Block, config: ValueObject, outermost?: string): void {
  for (const [name, { computed, optional }] of Object.entries(block.attributes)) {
    if (!computed || optional || (config[name] ?? null) === null) continue;
    throw new ProviderError('Attribute cannot be configured', `${name} is decided by the provider.`, [
      outermost ?? name,
    ]);
  }
  for (const [name, nested] of Object.entries(block.block_types)) {
    mapElements(nested.nesting_mode, config[name] ?? null, (element) => {
      refuseComputed(nested.block, element, outermost ?? name);
      return element;
    });
  }
}

/** @param known arguments; undefined for every one */
export function refuseNotEmulated(config: ValueObject, known: readonly string[] | undefined): void {
  const asked = Object.keys(config).find((name) => known?.includes(name) === false && !isEmpty(config[name]!));
  if (asked !== undefined) throw new ProviderError(`The emulated cloud has no ${asked}`, '', [asked]);
}
