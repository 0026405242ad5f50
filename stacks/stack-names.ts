/** Ids of the stacks in the order in which they are deployed. */
export const STACKS = ['network', 'cluster', 'github-secrets'] as const;

export type StackName = (typeof STACKS)[number];

/** Those whose resources are behind the Kubernetes API. */
export const IN_CLUSTER: readonly StackName[] = ['cluster', 'github-secrets'];

/** The object in the state bucket that holds a stack's state. */
export function stateKey(project: string, environment: string, stack: string): string {
  return `${project}/${environment}/${stack}.tfstate`;
}
