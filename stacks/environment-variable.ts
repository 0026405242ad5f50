import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * A secret from the environment, as an ephemeral Terraform variable of the same name: it is in no state and no plan, unless it is
 * `kept` there, as what a resource is given must be. Without it Terraform stops before anything that needs it.
 *
 * @param neededBy what the value is for, as it should read in the error message
 * @param needed `applying` when a plan can do without
 */
export function environmentVariable(
  scope: Construct,
  name: string,
  neededBy: string,
  needed: 'applying' | 'always' = 'applying',
  kept = false,
): TerraformVariable {
  const unless = needed === 'applying' ? '!terraform.applying || ' : '';
  const variable = new TerraformVariable(scope, name, {
    type: 'string',
    sensitive: true,
    nullable: true,
    validation: [
      {
        condition: `\${${unless}var.${name} != null}`,
        errorMessage: `The environment variable ${name} is missing. It is needed by ${neededBy}. Set it (in GitHub: a secret that the workflow hands over) and deploy again.`,
      },
    ],
  });
  // CDKTF 0.21 has no property for it, and leaves out a default of null.
  if (!kept) variable.addOverride('ephemeral', true);
  variable.addOverride('default', null);
  return variable;
}
