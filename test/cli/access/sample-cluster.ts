/** A sample forge whose network is deployed: its state in the emulated Spaces, its servers' tag in an emulated account. */
import type { Command } from 'commander';
import type { Terminal } from '#cli/output/terminal';
import { outputId } from '#stacks/contract';
import { networkOutputs } from '#stacks/network/outputs';
import { sampleAccount, TOKENS, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { droplet } from '#test/sandbox/cloud/digitalocean/samples';
import { sampleOperator, type Operator } from '../sample-operator';
import { networkState, STATE_KEYS } from '../state/sample-state';

/** Nobody listens there. */
export const API_ADDRESS = '127.251.3.9';

export interface SampleCluster {
  readonly operator: Operator;
  readonly cloud: SampleAccount;
}

export async function sampleCluster(makeCommand: (terminal: Terminal) => Command): Promise<SampleCluster> {
  const cloud = await sampleAccount();
  await droplet(cloud.api, { tags: ['forge-production-server'] });
  const operator = await sampleOperator(makeCommand);
  operator.env['DIGITALOCEAN_TOKEN'] = TOKENS.deploy;
  operator.env['DIGITALOCEAN_API_URL'] = cloud.url;
  await operator.put(STATE_KEYS.network, { ...networkState, outputs: outputs() });
  return { operator, cloud };
}

/** Each value says which output it is. */
function outputs(): Record<string, { value: string; sensitive: boolean }> {
  return Object.fromEntries(
    Object.entries(networkOutputs).map(([name, { sensitive }]) => {
      const id = outputId(name);
      const value = id === 'api_address' ? API_ADDRESS : `value of ${id}`;
      return [id, { value, sensitive }];
    }),
  );
}
