/** Terraform's state file, format 4, as far as it is read. */

/** A step into an attribute, as Terraform writes it. */
export interface PathStep {
  readonly type: string;
  readonly value: unknown;
}

export interface StateInstance {
  readonly index_key?: string | number;
  /** Set for an object that was replaced and is not destroyed yet. */
  readonly deposed?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly sensitive_attributes?: readonly (readonly PathStep[])[];
}

export interface StateResource {
  readonly module?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly instances: readonly StateInstance[];
}

export interface StateOutput {
  readonly value: unknown;
  readonly sensitive?: boolean;
}

export interface StateFile {
  readonly version: number;
  readonly serial: number;
  readonly terraform_version: string;
  readonly outputs: Readonly<Record<string, StateOutput>>;
  readonly resources: readonly StateResource[];
}
