/** What an emulated provider says about a resource type beyond its schema, and how it works on it. */
import type { Value, ValueObject } from '../protocol/values';
import type { ProviderSchema } from '../schema/schema';

export type { Value, ValueObject };

/** An error that Terraform shows as the provider's. */
export class ProviderError extends Error {
  constructor(
    readonly summary: string,
    readonly detail = '',
    /** Names of attributes from the outside in. */
    readonly attributePath: readonly string[] = [],
  ) {
    super(detail === '' ? summary : `${summary}: ${detail}`);
  }
}

/** A create that failed after the resource came into being: the state holds it, and the next apply replaces it. */
export class UnfinishedResource extends ProviderError {
  constructor(
    summary: string,
    readonly state: ValueObject,
  ) {
    super(summary);
  }
}

/** What every operation is given. */
export interface Call<Client> {
  /** Made by `configure` for this connection. */
  readonly client: Client;
  /** Aborted when the user stops Terraform, or Terraform is gone: waits and retries should end. */
  readonly signal: AbortSignal;
}

/** What a create or an update is given. */
export interface Operation<Client> extends Call<Client> {
  /** As written by the user; write-only values stand here only. */
  readonly config: ValueObject;
  /** What the provider keeps for itself with the resource, in the state. */
  readonly privateState: ValueObject | undefined;
}

/** What a read or a delete is given. */
export interface Existing<Client> extends Call<Client> {
  readonly state: ValueObject;
  readonly privateState: ValueObject | undefined;
}

export interface Change<Client> extends Operation<Client> {
  readonly prior: ValueObject;
  readonly planned: ValueObject;
}

export interface PlanChange {
  readonly prior: ValueObject | null;
  readonly config: ValueObject;
  readonly planned: Record<string, Value>;
  readonly privateState: ValueObject | undefined;
}

/** Paths are attribute names with dots; a block in between stands for all its elements: `configuration.secret`. */
export interface SchemaBehaviors {
  /** What a configuration may give: no stack gives the others. The default is all that the schema has. */
  readonly arguments?: readonly string[];
  /** Attributes whose change makes a new resource. */
  readonly forceNew?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Computed attributes that any update may change. */
  readonly changesOnUpdate?: readonly string[];
  /** What the state holds instead of the configured value, such as a hash. */
  readonly stored?: Readonly<Record<string, (value: Value) => Value>>;
  /** Whether a configured value is the one in the state, though written otherwise: the SDK's DiffSuppressFunc. */
  readonly sameValue?: Readonly<Record<string, (prior: Value, configured: Value, config: ValueObject) => boolean>>;
  /** Blocks that the provider fills in where the configuration has none; the schema of a block cannot say so. */
  readonly computedBlocks?: readonly string[];
}

/** An emulated resource type. Operations return the attributes they know; the rest stays as planned. */
export interface ResourceType<Client> extends SchemaBehaviors {
  /** Faults that the schema cannot express. Throws a ProviderError. */
  validate?(config: ValueObject): void;
  /** Changes the plan. Returns further attributes that force a new resource. */
  customizePlan?(change: PlanChange): readonly string[] | void;
  /** What must be had for a plan. Throws a ProviderError. */
  lookBeforePlan?(operation: Call<Client> & { readonly planned: ValueObject }): Promise<void>;
  create(operation: Operation<Client> & { readonly planned: ValueObject }): Promise<ValueObject>;
  /** The resource as it is, or nothing when it is gone. */
  read(operation: Existing<Client>): Promise<ValueObject | null | undefined>;
  /** Absent where every change makes a new resource. */
  update?(change: Change<Client>): Promise<ValueObject>;
  delete(operation: Existing<Client>): Promise<void>;
  /** The state of an existing resource, enough for `read`. */
  import?(operation: Call<Client> & { readonly id: string }): Promise<ValueObject>;
  /** The private state after a create or an update. */
  privateState?(state: ValueObject, config: ValueObject): ValueObject;
}

export interface DataSourceType<Client> extends Pick<SchemaBehaviors, 'arguments'> {
  /** Faults that the schema cannot express. Throws a ProviderError. */
  validate?(config: ValueObject): void;
  read(operation: Call<Client> & { readonly config: ValueObject }): Promise<ValueObject>;
}

export interface ProviderDefinition<Client> {
  /** Whether the official provider was written with terraform-plugin-sdk rather than terraform-plugin-framework. */
  readonly sdk?: boolean;
  readonly schema: ProviderSchema;
  /** Called once per connection. Values may be unknown during a plan. */
  configure(config: ValueObject): Client | Promise<Client>;
  readonly resources: Readonly<Record<string, ResourceType<Client>>>;
  readonly dataSources: Readonly<Record<string, DataSourceType<Client>>>;
}
