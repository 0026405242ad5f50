/** The stacks whose state the commands read: their keys in the bucket, and what they publish. */
import type { ForgeConfig } from '#config/schema';
import { clusterOutputs } from '#stacks/cluster/outputs';
import { outputId, type Contract } from '#stacks/contract';
import { githubSecretsOutputs } from '#stacks/github-secrets/outputs';
import { networkOutputs } from '#stacks/network/outputs';
import { stateKey, STACKS, type StackName } from '#stacks/stack-names';
import { SpacesFailure } from '#clients/spaces/failure';

/** What each stack publishes. */
export const CONTRACTS: Readonly<Record<StackName, Contract>> = {
  network: networkOutputs,
  cluster: clusterOutputs,
  'github-secrets': githubSecretsOutputs,
};

const OUTPUTS = Object.values(CONTRACTS)
  .flatMap((contract) => Object.entries(contract))
  .map(([name, { sensitive }]) => ({
    id: outputId(name),
    sensitive,
  }));

/** Whether a contract declares an output of this id secret. */
export function isSecretOutput(id: string): boolean {
  return OUTPUTS.some((output) => output.id === id && output.sensitive);
}

/** Whether contracts declare it, and none of them secret. */
export function isPublicOutput(id: string): boolean {
  return OUTPUTS.some((output) => output.id === id) && !isSecretOutput(id);
}

/** Object that holds a stack's state. */
export function stateKeyOf({ name, environment }: ForgeConfig, stack: string): string {
  return stateKey(name, environment, stack);
}

/** Object that Terraform makes while it works on the state. */
export function lockKey(config: ForgeConfig, stack: string): string {
  return `${stateKeyOf(config, stack)}.tflock`;
}

/** @throws SpacesFailure for a stack that does not exist */
export function knownStack(stack: string): StackName {
  if (isStack(stack)) return stack;
  throw new SpacesFailure(`There is no stack ${JSON.stringify(stack)}. The stacks are ${STACKS.join(', ')}.`, {
    exitCode: 2,
  });
}

function isStack(name: string): name is StackName {
  return (STACKS as readonly string[]).includes(name);
}
