import type { BoxKeys } from './box-keys';
import type { DeployKey } from './deploy-key';
import type { Environment } from './environment';
import type { Issue, Label } from './issue';
import type { StoredSecret } from './secret';
import type { Variable } from './variable';
import type { Webhook } from './webhook';

/** A repository, as far as the emulated API tells of it. */
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
