/** What `rotation.joinTokens` does to the machines, said before it is done. */
import { kindOf } from './change-kind';
import type { PlanFile, ResourceChange } from './plan-file';

type Changes = Pick<PlanFile, 'resource_changes'>;

const PASSWORD = /^random_password\.join_/;
const DROPLET = 'digitalocean_droplet';

function hasNewTokens({ resource_changes: all = [] }: Changes): boolean {
  return all.some((one) => PASSWORD.test(one.address) && kindOf(one) === 'replace');
}

function isMade(one: ResourceChange): boolean {
  return one.type === DROPLET && ['add', 'replace'].includes(kindOf(one) ?? '');
}

/** Undefined when no machine is made with tokens that the running servers do not know yet. */
export function machinesWithNewTokens(plan: Changes): string | undefined {
  const made = (plan.resource_changes ?? []).filter(isMade).map(({ address }) => address);
  if (made.length === 0 || !hasNewTokens(plan)) return undefined;
  return (
    `This would make machines with join tokens that the running servers do not know yet, so that they could neither join nor restore a snapshot: ${made.join(', ')}.\n` +
    'Raise `rotation.joinTokens` in forge.yaml alone, deploy, tell the servers (docs/rotation.md), and only then make machines.'
  );
}

/** For people, before they approve; undefined when the tokens stay. */
export function tokenNote(plan: Changes): string | undefined {
  if (!hasNewTokens(plan)) return undefined;
  return '**Join tokens are made anew.** Running servers do not notice: tell them as soon as this is deployed (docs/rotation.md). Until then no machine that is made anew can join, and the only server cannot be restored.';
}
