/** What is to be told of one stack. */
import type { StackName } from '#stacks/stack-names';
import { costOf, type Cost } from '#cli/cost/monthly-cost';
import { isIdle, kindOf, type Kind } from '../change-kind';
import type { PlanMeta } from '../plan-folder';
import { changedAttributes } from './attribute-changes';
import {
  changedOutputs,
  failingChecks,
  plannedChanges,
  unfinished,
  type Change,
  type FailingCheck,
  type PlanFile,
  type ResourceChange,
  type Unfinished,
} from '../plan-file';

export interface ReportedChange {
  readonly kind: Kind;
  readonly resource: ResourceChange;
}

export interface StackReport {
  readonly stack: StackName;
  readonly meta: PlanMeta | undefined;
  /** Log of a plan that could not be made. */
  readonly error: string | undefined;
  /** Undefined when there is no plan. */
  readonly plan: PlanFile | undefined;
  /** Also actions of providers. */
  readonly changes: readonly ReportedChange[];
  /** What is not planned yet. */
  readonly deferred: readonly ReportedChange[];
  /** What was deleted past Terraform, or changed as far as the plan would undo it: the rest are counters and the like. */
  readonly drift: readonly ReportedChange[];
  readonly outputs: readonly (readonly [name: string, change: Change])[];
  readonly failing: readonly FailingCheck[];
  readonly unfinished: Unfinished | undefined;
  readonly cost: Cost | undefined;
}

type Source = Pick<StackReport, 'stack' | 'meta' | 'error' | 'plan'>;

export function reportStack(source: Source): StackReport {
  const { plan } = source;
  const planned = plannedChanges(plan ?? {});
  const plannedAt = new Map<string, Change[]>();
  for (const { address, change } of planned) plannedAt.set(address, [...(plannedAt.get(address) ?? []), change]);
  const isUndone = ({ kind, resource: { address, change } }: ReportedChange) => {
    const names = changedAttributes(change);
    const undoes = (one: Change) => changedAttributes(one).some((name) => names.includes(name));
    return kind === 'destroy' || (plannedAt.get(address) ?? []).some(undoes);
  };
  return {
    ...source,
    changes: planned.filter(({ deferred }) => deferred === undefined).flatMap(reported),
    deferred: planned.filter(({ deferred }) => deferred !== undefined).flatMap(reported),
    drift: (plan?.resource_drift ?? [])
      .filter(({ change }) => !isIdle(change))
      .flatMap(reported)
      .filter(isUndone),
    outputs: changedOutputs(plan ?? {}),
    failing: failingChecks(plan ?? {}),
    unfinished: unfinished(plan ?? {}),
    cost: plan === undefined ? undefined : costOf((plan.resource_changes ?? []).filter(({ mode }) => mode !== 'data')),
  };
}

export function countOf({ changes }: StackReport, kind: Kind): number {
  return changes.filter((change) => change.kind === kind || (kind === 'add' && change.kind === 'leave')).length;
}

/** A deferred one without an action is deferred all the same. */
function reported(resource: ResourceChange): ReportedChange[] {
  const kind = kindOf(resource) ?? (resource.deferred === undefined ? undefined : 'unknown');
  return kind === undefined ? [] : [{ kind, resource }];
}
