import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * For the `lifecycle` of resources that are made anew when a number of forge.yaml is raised, and for no other reason: Terraform acts
 * on a change of the number, not on its first appearance.
 */
export function replacedByGeneration(
  scope: Construct,
  generation: number,
  id = 'generation',
): { readonly replaceTriggeredBy: string[] } {
  // CDKTF's DataResource asks Terraform for its version in each synthesis, once for each of them.
  const trigger = new TerraformResource(scope, id, { terraformResourceType: 'terraform_data' });
  trigger.addOverride('input', { generation });
  return { replaceTriggeredBy: [`${trigger.terraformResourceType}.${trigger.friendlyUniqueId}`] };
}
