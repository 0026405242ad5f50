/** What workflows of the repository may know: addresses as variables, the operators' kubeconfig as a secret. */
import { ActionsSecret } from '@cdktf/provider-github/lib/actions-secret';
import { ActionsVariable } from '@cdktf/provider-github/lib/actions-variable';
import { Construct } from 'constructs';

export interface ActionsProps {
  /** Name of the repository without its owner. */
  readonly repository: string;
  /** By name. Readable by everybody who can write to the repository. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export class Actions extends Construct {
  constructor(scope: Construct, id: string, { repository, variables, secrets }: ActionsProps) {
    super(scope, id);
    for (const [variableName, value] of Object.entries(variables)) {
      new ActionsVariable(this, variableName, { repository, variableName, value });
    }
    for (const [secretName, plaintextValue] of Object.entries(secrets)) {
      new ActionsSecret(this, secretName, { repository, secretName, plaintextValue });
    }
  }
}
