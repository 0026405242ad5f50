/** What Terraform leaves to the provider to check. */
import type { ValueObject } from '../protocol/values';
import type { Block } from '../schema/schema';
import { mapElements } from './nesting';
import { ProviderError } from './resource';

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
  for (const [name, nested] of Object.entries(block.blocks)) {
    mapElements(nested.nesting, config[name] ?? null, (element) => {
      refuseComputed(nested.block, element, outermost ?? name);
      return element;
    });
  }
}
