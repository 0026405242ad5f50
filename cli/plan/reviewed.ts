/** What is kept of the plans until the deploy: addresses and actions, no values. */
import { z } from 'zod';
import { STACKS } from '#stacks/stack-names';
import type { Action, PlanFile } from './plan-file';

/** Both `delete` and `create`, in one order or the other, are a replacement. */
const ACTIONS = ['no-op', 'read', 'create', 'update', 'delete', 'forget'] as const satisfies readonly Action[];

const plannedChange = z.object({
  address: z.string(),
  actions: z.array(z.enum(ACTIONS)),
  /** Id of an old object that a replacement left to be destroyed. */
  deposed: z.string().optional(),
});

const reviewedPlans = z.object({
  /** A stack is absent if it could not be planned. */
  stacks: z.partialRecord(
    z.enum(STACKS),
    z.object({ waitingFor: z.enum(STACKS).optional(), changes: z.array(plannedChange) }),
  ),
});

export type ReviewedPlans = z.infer<typeof reviewedPlans>;
export type PlannedChange = z.infer<typeof plannedChange>;

/** Changes of a plan in JSON, in its order. Data that is read is none. */
export function changesOf({ resource_changes: changes = [] }: Pick<PlanFile, 'resource_changes'>): PlannedChange[] {
  return changes
    .filter(({ change: { actions } }) => actions.some((action) => action !== 'no-op' && action !== 'read'))
    .map(({ address, deposed, change: { actions } }) => ({
      address,
      actions: [...actions],
      ...(deposed && { deposed }),
    }));
}

/** @throws an error with exitCode 2 for a text that is no such file */
export function parseReviewed(text: string, file: string): ReviewedPlans {
  try {
    return reviewedPlans.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${file} is not what \`forge plan run\` writes as reviewed.json.`;
    throw Object.assign(new Error(message, { cause }), { exitCode: 2 });
  }
}
