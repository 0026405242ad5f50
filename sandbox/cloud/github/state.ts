import type { DeployKey } from './deploy-keys';
import type { Environment } from './environments';
import type { Issue, Label } from './issues';
import type { StoredSecret } from './secrets';
import type { BoxKeys } from './sealed-box';
import type { Variable } from './variables';
import type { Webhook } from './webhooks';

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  /** Secrets are sealed for the public one of these. */
  readonly keys: BoxKeys;
  variables: Variable[];
  secrets: StoredSecret[];
  environments: Environment[];
  webhooks: Webhook[];
  deployKeys: DeployKey[];
  /** Issues and pull requests, which share their numbers. */
  issues: Issue[];
  labels: Label[];
}

/** All that the emulated GitHub holds, as it is saved. */
export interface GithubState {
  readonly sequence: { webhook: number; deployKey: number; issue: number };
  repositories: Repository[];
}
