import type { BoxKeys } from './box-keys';
import type { StoredSecret } from './secret';

/** What a caller decides about an environment. */
export interface EnvironmentSettings {
  /** Minutes that a job waits before it starts. */
  readonly waitTimer: number;
  readonly canAdminsBypass: boolean;
  readonly preventSelfReview: boolean;
  /** Ids of those who may let a job through. */
  readonly reviewers: { readonly teams: readonly number[]; readonly users: readonly number[] };
  /** Which branches may deploy; undefined lets all of them. */
  readonly branchPolicy: { readonly protectedBranches: boolean; readonly customPolicies: boolean } | undefined;
}

/** A deployment environment of a repository, with secrets of its own. */
export interface Environment extends EnvironmentSettings {
  readonly name: string;
  readonly keys: BoxKeys;
  secrets: StoredSecret[];
  readonly createdAt: string;
}
