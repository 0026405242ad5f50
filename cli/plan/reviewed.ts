/** What is kept of the plans until the deploy: addresses, actions and names, no values. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { STACKS } from '#stacks/stack-names';
import { changedOutputs, failingChecks, plannedChanges, unfinished, type PlanFile } from './plan-file';

/** Of Terraform, also a later one; `invoke` for an action of a provider. Not more than a word: it is printed. */
const action = z.string().regex(/^[a-z][a-z_-]{0,40}$/);

const plannedChange = z.object({
  address: z.string(),
  /** Both `delete` and `create`, in one order or the other, are a replacement. */
  actions: z.array(action),
  /** Id of an old object that a replacement left to be destroyed. */
  deposed: z.string().optional(),
  /** The address before. */
  from: z.string().optional(),
  /** Digest of the id of what is adopted. */
  imports: z.string().optional(),
  /** Why it is not planned yet. */
  deferred: z.string().optional(),
  /** What has an action run. */
  trigger: z.string().optional(),
});

const reviewedStack = z.object({
  waitingFor: z.enum(STACKS).optional(),
  changes: z.array(plannedChange),
  /** What is done with each output that changes. */
  outputs: z.record(z.string(), z.array(action)).optional(),
  /** Names of checks. */
  failing: z.array(z.string()).optional(),
  unfinished: z.enum(['errored', 'incomplete']).optional(),
});

const reviewedPlans = z.object({
  /** A stack is absent if it could not be planned. */
  stacks: z.partialRecord(z.enum(STACKS), reviewedStack),
});

export type ReviewedPlans = z.infer<typeof reviewedPlans>;
export type ReviewedStack = z.infer<typeof reviewedStack>;
export type PlannedChange = z.infer<typeof plannedChange>;

export function reviewedStackOf(plan: Partial<PlanFile>): ReviewedStack {
  const outputs = Object.fromEntries(changedOutputs(plan).map(([name, { actions }]) => [name, [...actions]]));
  const failing = failingChecks(plan).map(({ name }) => name);
  const state = unfinished(plan);
  return {
    changes: plannedChanges(plan).map(plannedChangeOf),
    ...(Object.keys(outputs).length > 0 && { outputs }),
    ...(failing.length > 0 && { failing }),
    ...(state && { unfinished: state }),
  };
}

/** Whether it is known that nothing would be done, and that all is well. */
export function isUnchanged({ changes, outputs, failing, unfinished: state }: ReviewedStack): boolean {
  return changes.length === 0 && outputs === undefined && failing === undefined && state === undefined;
}

function plannedChangeOf(planned: ReturnType<typeof plannedChanges>[number]): PlannedChange {
  const { address, deposed, deferred, trigger, previous_address: from, change } = planned;
  const { actions, importing } = change;
  return {
    address,
    actions: [...actions],
    ...(deposed && { deposed }),
    ...(from && from !== address && { from }),
    ...(importing && { imports: digest(JSON.stringify(importing)) }),
    ...(deferred && { deferred }),
    ...(trigger && { trigger }),
  };
}

/** No value leaves the machine. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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
