/** What is to be told of one stack. */
import type { StackName } from '#stacks/stack-names';
import type { PlanMeta } from '../plan-folder';
import type { Action, Change, PlanFile, ResourceChange } from '../plan-file';
import { costOf, type Cost } from '#cli/cost/monthly-cost';

export type Kind = 'add' | 'change' | 'replace' | 'destroy' | 'forget' | 'move' | 'import';

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
  readonly changes: readonly ReportedChange[];
  /** What was changed past Terraform, as far as the plan would undo it: the rest are counters and the like. */
  readonly drift: readonly ResourceChange[];
  readonly outputs: readonly (readonly [name: string, change: Change])[];
  readonly cost: Cost | undefined;
}

type Source = Pick<StackReport, 'stack' | 'meta' | 'error' | 'plan'>;

export function reportStack(source: Source): StackReport {
  const { plan } = source;
  const managed = (plan?.resource_changes ?? []).filter(({ mode = 'managed' }) => mode === 'managed');
  const isChanged = ({ actions }: Change) => actions.some((action) => action !== 'no-op' && action !== 'read');
  const changes = managed.flatMap((resource) => {
    const kind = kindOf(resource);
    return kind === undefined ? [] : [{ kind, resource }];
  });
  const changed = new Set(changes.map(({ resource }) => resource.address));
  return {
    ...source,
    changes,
    drift: (plan?.resource_drift ?? []).filter(({ address, change }) => isChanged(change) && changed.has(address)),
    outputs: Object.entries(plan?.output_changes ?? {}).filter(([, change]) => isChanged(change)),
    cost: plan === undefined ? undefined : costOf(managed),
  };
}

export function countOf({ changes }: StackReport, kind: Kind): number {
  return changes.filter((change) => change.kind === kind).length;
}

function kindOf({ change, address, previous_address: previous }: ResourceChange): Kind | undefined {
  const { actions } = change;
  const has = (action: Action) => actions.includes(action);
  if (has('create')) return has('delete') ? 'replace' : 'add';
  if (has('delete')) return 'destroy';
  if (has('forget')) return 'forget';
  if (has('update')) return 'change';
  if (change.importing !== undefined) return 'import';
  return previous !== undefined && previous !== address ? 'move' : undefined;
}
