/** What a change in a plan means to people. */
import type { ResourceChange } from './plan-file';

/** `leave`: made anew, and the old one is left behind. `unknown`: what no Terraform known here does. */
export type Kind =
  'add' | 'change' | 'replace' | 'destroy' | 'forget' | 'leave' | 'move' | 'import' | 'invoke' | 'unknown';

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['create', 'add'],
  ['update', 'change'],
  ['delete', 'destroy'],
  ['forget', 'forget'],
  ['delete,create', 'replace'],
  ['create,delete', 'replace'],
  ['forget,create', 'leave'],
  ['create,forget', 'leave'],
  ['invoke', 'invoke'],
]);

/** Undefined when nothing is done. Data that is read is nothing. */
export function kindOf({ mode, address, previous_address: previous, change }: ResourceChange): Kind | undefined {
  if (!isIdle(change)) return KINDS.get(change.actions.join()) ?? 'unknown';
  if (change.importing) return 'import';
  return mode !== 'data' && previous && previous !== address ? 'move' : undefined;
}

/** A list of actions that is empty says nothing, so it is not taken for none. */
export function isIdle({ actions }: { readonly actions: readonly string[] }): boolean {
  return ['no-op', 'read'].includes(actions.join());
}
