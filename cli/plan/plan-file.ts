/** Terraform's plan in JSON, as far as people are shown it. Source: Terraform's documentation, "JSON Output Format". */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** True where a value is sensitive (or unknown); objects and lists as the value itself. */
export type Mask = boolean | readonly Mask[] | { readonly [key: string]: Mask } | null | undefined;

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly deposed?: string;
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
  readonly importing?: object;
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
  if (plan !== null && typeof version === 'string' && /^1\./.test(version)) return { ...plan, format_version: version };
  throw Object.assign(new Error(`${file} is a plan of format ${String(version)}; only 1.x is understood.`), {
    exitCode: 1,
  });
}

/** Every resource of a module and those in it. */
export function resourcesIn(module: StateModule | undefined): NonNullable<StateModule['resources']>[number][] {
  if (module === undefined) return [];
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesIn)];
}
