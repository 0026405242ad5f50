/** Terraform's plan in JSON, as far as people are shown it. Source: Terraform's documentation, "JSON Output Format". */
import { isIdle, kindOf } from './change-kind';

/** A later Terraform may know more of them; `invoke` stands here for an action of a provider. */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget' | 'invoke' | (string & {});

/** True where a value is sensitive (or unknown); objects and lists as the value itself. */
export type Mask = boolean | readonly Mask[] | { readonly [key: string]: Mask } | null | undefined;

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly deposed?: string;
  /** Why it is not planned yet. */
  readonly deferred?: string;
  /** Such as `replace_by_triggers`. */
  readonly action_reason?: string;
  /** What has an action run. */
  readonly trigger?: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly Action[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: Mask;
  readonly before_sensitive?: Mask;
  readonly after_sensitive?: Mask;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string; readonly identity?: unknown; readonly unknown?: boolean };
}

interface ActionInvocation {
  readonly address: string;
  readonly type: string;
  readonly lifecycle_action_trigger?: {
    readonly triggering_resource_address?: string;
    readonly action_trigger_event?: string;
  };
}

interface CheckResult {
  readonly address?: { readonly to_display?: string };
  readonly status: string;
  readonly instances?: readonly (Omit<CheckResult, 'instances'> & {
    readonly problems?: readonly { readonly message?: string }[];
  })[];
}

interface StateModule {
  readonly resources?: readonly {
    readonly type: string;
    readonly values?: unknown;
    readonly sensitive_values?: Mask;
  }[];
  readonly child_modules?: readonly StateModule[];
}

export interface PlanFile {
  readonly format_version: string;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly deferred_changes?: readonly { readonly reason?: string; readonly resource_change: ResourceChange }[];
  readonly action_invocations?: readonly ActionInvocation[];
  readonly deferred_action_invocations?: readonly {
    readonly reason?: string;
    readonly action_invocation: ActionInvocation;
  }[];
  readonly checks?: readonly CheckResult[];
  /** False: another plan must follow, as after `-target` or for what is deferred. */
  readonly complete?: boolean;
  /** Terraform stopped on its way. */
  readonly errored?: boolean;
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: StateModule;
      readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean; readonly value?: unknown }>>;
    };
  };
  readonly planned_values?: { readonly root_module?: StateModule };
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly configuration?: {
    readonly root_module?: { readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean }>> };
  };
}

/** @throws an error with exitCode 1 for a text that is no plan of a known format */
export function parsePlan(text: string, file: string): PlanFile {
  let plan: Partial<PlanFile> | null;
  try {
    plan = JSON.parse(text) as Partial<PlanFile> | null;
  } catch (cause) {
    throw Object.assign(new Error(`${file} is not JSON: it is not what \`terraform show -json\` prints.`, { cause }), {
      exitCode: 1,
    });
  }
  const version = plan?.format_version;
  if (plan !== null && typeof version === 'string' && /^1\./.test(version))
    return withActions({ ...plan, format_version: version }, file);
  throw Object.assign(new Error(`${file} is a plan of format ${String(version)}; only 1.x is understood.`), {
    exitCode: 1,
  });
}

/** What is read of every change. */
function withActions(plan: PlanFile, file: string): PlanFile {
  const isWhole = (one: Partial<ResourceChange> | undefined) =>
    typeof one?.address === 'string' && Array.isArray(one.change?.actions);
  if (everyChange(plan).every(isWhole)) return plan;
  throw Object.assign(
    new Error(`${file} has a change without an address or actions: it cannot be shown or compared.`),
    {
      exitCode: 1,
    },
  );
}

/** Every resource of a module and those in it. */
export function resourcesIn(module: StateModule | undefined): NonNullable<StateModule['resources']>[number][] {
  if (module === undefined) return [];
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesIn)];
}

/** All that has values of resources. */
export function everyChange({ resource_changes, resource_drift, deferred_changes }: PlanFile): ResourceChange[] {
  const deferred = (deferred_changes ?? []).map(({ resource_change }) => resource_change);
  return [...(resource_changes ?? []), ...(resource_drift ?? []), ...deferred];
}

/** All that is done now or later, in the order of the plan: changes of resources, and actions of providers. */
export function plannedChanges(plan: Partial<PlanFile>): ResourceChange[] {
  const { resource_changes: changes, deferred_changes: later } = plan;
  const { action_invocations: actions, deferred_action_invocations: actionsLater } = plan;
  return [
    ...(changes ?? []).filter((change) => kindOf(change) !== undefined),
    ...(later ?? []).map(({ reason, resource_change }) => ({ ...resource_change, deferred: reasonOf(reason) })),
    ...(actions ?? []).map(invocation),
    ...(actionsLater ?? []).map(({ reason, action_invocation: action }) => ({
      ...invocation(action),
      deferred: reasonOf(reason),
    })),
  ];
}

/** Names of the outputs that change, with what is done. */
export function changedOutputs({ output_changes: outputs }: Partial<PlanFile>): [name: string, change: Change][] {
  return Object.entries(outputs ?? {}).filter(([, change]) => !isIdle(change));
}

export type Unfinished = 'errored' | 'incomplete';

/** Undefined for a plan that has everything. */
export function unfinished({ errored, complete }: Partial<PlanFile>): Unfinished | undefined {
  if (errored) return 'errored';
  return complete === false ? 'incomplete' : undefined;
}

export interface FailingCheck {
  readonly name: string;
  readonly problems: readonly string[];
}

/** Check blocks, preconditions and postconditions that do not hold, or cannot be told. */
export function failingChecks({ checks }: Partial<PlanFile>): FailingCheck[] {
  const isBad = ({ status }: { status: string }) => status !== 'pass' && status !== 'unknown';
  return (checks ?? [])
    .filter((check) => isBad(check) || check.instances?.some(isBad))
    .map(({ address, instances = [] }) => ({
      name: address?.to_display ?? 'a check',
      problems: instances.flatMap(({ problems }) => problems ?? []).flatMap(({ message }) => message ?? []),
    }));
}

function invocation({ address, type, lifecycle_action_trigger: by }: ActionInvocation): ResourceChange {
  const trigger = [by?.triggering_resource_address, by?.action_trigger_event].filter(Boolean).join(', ');
  return { address, type, mode: 'action', change: { actions: ['invoke'] }, ...(trigger && { trigger }) };
}

function reasonOf(reason: string | undefined): string {
  return reason?.replaceAll('_', ' ') || 'no reason given';
}
