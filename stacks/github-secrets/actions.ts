/** What workflows of the repository may know: addresses. */
import { ActionsVariable } from '@cdktf/provider-github/lib/actions-variable';
import { Construct } from 'constructs';

export interface ActionsProps {
  /** Name of the repository without its owner. */
  readonly repository: string;
  /** By name. Readable by everybody who can write to the repository. */
  readonly variables: Readonly<Record<string, string>>;
}

export class Actions extends Construct {
  constructor(scope: Construct, id: string, { repository, variables }: ActionsProps) {
    super(scope, id);
    for (const [variableName, value] of Object.entries(variables)) {
      new ActionsVariable(this, variableName, { repository, variableName, value });
    }
  }
}
