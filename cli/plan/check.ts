/** Compares what would be done now with what was reviewed: docs/decisions/0009. */
import { STACKS, type StackName } from '#stacks/stack-names';
import type { PlannedChange, ReviewedPlans, ReviewedStack } from './reviewed';

export interface Difference {
  readonly stack: StackName;
  /** For the person. */
  readonly reason: string;
}

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
  return [...changeReasons(before, now), ...otherReasons(before, now)];
}

function changeReasons(before: ReviewedStack | undefined, now: ReviewedStack): string[] {
  if (before === undefined)
    return now.changes.map((change) => `${inWords(change)} (it could not be planned for the review)`);
  if (before.waitingFor !== undefined) {
    // The review could not show this stack's plan, only that it would be created: new resources are no difference.
    const others = now.changes.filter(({ actions }) => actions.join() !== 'create');
    return others.map((change) => `${inWords(change)} (it waited for ${before.waitingFor} when it was reviewed)`);
  }
  return now.changes.flatMap((change) => unreviewed(before.changes, change) ?? []);
}

/** Outputs, checks, and whether all is planned. */
function otherReasons(before: ReviewedStack | undefined, now: ReviewedStack): string[] {
  const isNewlyFailing = (name: string) => before?.failing?.includes(name) !== true;
  const reasons = (now.failing ?? []).filter(isNewlyFailing).map((name) => `${name} fails (reviewed: it did not)`);
  if (now.unfinished === 'errored') reasons.push('the plan is not complete: Terraform stopped on its way');
  if (now.unfinished === 'incomplete' && before?.unfinished !== 'incomplete')
    reasons.push('the plan is not complete (reviewed: it was)');
  // A stack that waited gets its outputs with its resources.
  if (before?.waitingFor !== undefined) return reasons;
  const outputs = Object.entries(now.outputs ?? {}).filter(([name, actions]) => {
    const reviewed = before?.outputs?.[name]?.join();
    return reviewed === undefined || (actions.join() === 'delete' && reviewed !== 'delete');
  });
  return [
    ...reasons,
    ...outputs.map(
      ([name, actions]) =>
        `${actions.join(' and ')} output ${name} (reviewed: ${before?.outputs?.[name]?.join(' and ') ?? 'no change'})`,
    ),
  ];
}

function unreviewed(reviewed: readonly PlannedChange[], change: PlannedChange): string | undefined {
  const ofAddress = reviewed.filter(({ address }) => address === change.address);
  if (ofAddress.some((one) => isSame(one, change) || isRestOf(one, change))) return undefined;
  return `${inWords(change)} (reviewed: ${ofAddress.map(actionsOf).join('; ') || 'no change'})`;
}

/** What was to be adopted or moved may have been by now. */
function isSame(one: PlannedChange, other: PlannedChange): boolean {
  const parts = ({ deposed, actions, deferred, trigger }: PlannedChange) => [
    deposed,
    actions.join(),
    deferred,
    trigger,
  ];
  return (
    parts(one).every((part, index) => part === parts(other)[index]) &&
    [undefined, one.from].includes(other.from) &&
    [undefined, one.imports].includes(other.imports)
  );
}

/** Whether it is the second half of a replacement whose first half has happened. */
function isRestOf(replacement: PlannedChange, { actions, deposed, from, imports, deferred }: PlannedChange): boolean {
  if ([from, imports, deferred, replacement.deferred].some((one) => one !== undefined)) return false;
  const order = replacement.actions.join();
  const next = actions.join();
  if (order === 'delete,create' || order === 'forget,create') return next === 'create' && deposed === undefined;
  const rest = { 'create,delete': 'delete', 'create,forget': 'forget' }[order];
  return rest !== undefined && next === rest && deposed !== undefined;
}

function inWords(change: PlannedChange): string {
  const { address, deposed } = change;
  return `${actionsOf(change)} ${address}${deposed === undefined ? '' : ` (deposed ${deposed})`}`;
}

/** Where two changes differ in no more than what is adopted, its mark tells them apart. */
function actionsOf({ actions, from, imports, deferred, trigger }: PlannedChange): string {
  const words = [
    ...(imports === undefined ? [] : [`import ${imports}`]),
    ...(from === undefined ? [] : [`move from ${from}`]),
    ...actions.filter((action) => action !== 'no-op' || (imports ?? from) === undefined),
  ];
  const notes = [
    ...(deferred === undefined ? [] : [`later: ${deferred}`]),
    ...(trigger === undefined ? [] : [trigger]),
  ];
  return notes.length === 0 ? words.join(' and ') : `${words.join(' and ')} [${notes.join('; ')}]`;
}
