/** Compares what would be done now with what was reviewed: docs/decisions/0009. */
import { STACKS, type StackName } from '#stacks/stack-names';
import type { PlannedChange, ReviewedPlans } from './reviewed';

export interface Difference {
  readonly stack: StackName;
  /** For the person. */
  readonly reason: string;
}

type ReviewedStack = NonNullable<ReviewedPlans['stacks'][StackName]>;

/**
 * What would be done now and was not reviewed. What was reviewed and is not planned any more has happened in the
 * meantime, and is no difference.
 */
export function notReviewed(reviewed: ReviewedPlans, planned: ReviewedPlans): Difference[] {
  return STACKS.flatMap((stack) =>
    reasons(reviewed.stacks[stack], planned.stacks[stack]).map((reason) => ({ stack, reason })),
  );
}

function reasons(before: ReviewedStack | undefined, now: ReviewedStack | undefined): string[] {
  if (now === undefined) return ['cannot be planned now'];
  if (now.waitingFor !== undefined && before?.waitingFor === undefined) {
    return [`waits for ${now.waitingFor} now, and did not when it was reviewed`];
  }
  if (before === undefined)
    return now.changes.map((change) => `${inWords(change)} (it could not be planned for the review)`);
  if (before.waitingFor !== undefined) {
    // The review could not show this stack's plan, only that it would be created: new resources are no difference.
    const others = now.changes.filter(({ actions }) => actions.join() !== 'create');
    return others.map((change) => `${inWords(change)} (it waited for ${before.waitingFor} when it was reviewed)`);
  }
  return now.changes.flatMap((change) => unreviewed(before.changes, change) ?? []);
}

function unreviewed(reviewed: readonly PlannedChange[], change: PlannedChange): string | undefined {
  const ofAddress = reviewed.filter(({ address }) => address === change.address);
  if (ofAddress.some((one) => isSame(one, change) || isRestOf(one, change))) return undefined;
  const actions = ofAddress.map((one) => one.actions.join(' and '));
  return `${inWords(change)} (reviewed: ${actions.join('; ') || 'no change'})`;
}

function isSame(one: PlannedChange, other: PlannedChange): boolean {
  return one.deposed === other.deposed && one.actions.join() === other.actions.join();
}

/** Whether it is the second half of a replacement whose first half has happened. */
function isRestOf(replacement: PlannedChange, { actions, deposed }: PlannedChange): boolean {
  const order = replacement.actions.join();
  if (order === 'delete,create') return actions.join() === 'create' && deposed === undefined;
  return order === 'create,delete' && actions.join() === 'delete' && deposed !== undefined;
}

function inWords({ address, actions, deposed }: PlannedChange): string {
  return `${actions.join(' and ')} ${address}${deposed === undefined ? '' : ` (deposed ${deposed})`}`;
}
