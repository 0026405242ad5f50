/** A sample forge whose network is deployed: its state in the emulated Spaces, its servers' tag in an emulated account. */
import type { Command } from 'commander';
import type { Terminal } from '#cli/output/terminal';
import { outputId } from '#stacks/contract';
import { networkOutputs } from '#stacks/network/outputs';
import { sampleAccount, TOKENS, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { droplet } from '#test/sandbox/cloud/digitalocean/samples';
import { LOOPBACK_NETWORK } from '#test/loopback-network';
import { sampleApi, type SampleApi } from '#test/clients/kubernetes/sample-api';
import { sampleOperator, type Operator } from '../sample-operator';
import { networkState, STATE_KEYS } from '../state/sample-state';

/** Nobody listens there until `startApi`. */
export const API_ADDRESS = `${LOOPBACK_NETWORK}.62.1`;
const API_PORT = 6443;

export interface SampleCluster {
  readonly operator: Operator;
  readonly cloud: SampleAccount;
  /** The API answers from now on. @param answer the default is `ok`, to everything */
  startApi(answer?: Parameters<typeof sampleApi>[0]): Promise<SampleApi>;
}

export async function sampleCluster(makeCommand: (terminal: Terminal) => Command): Promise<SampleCluster> {
  const cloud = await sampleAccount();
  await droplet(cloud.api, { tags: ['forge-production-server'] });
  const operator = await sampleOperator(makeCommand);
  operator.env['DIGITALOCEAN_TOKEN'] = TOKENS.deploy;
  operator.env['DIGITALOCEAN_API_URL'] = cloud.url;
  await operator.put(STATE_KEYS.network, { ...networkState, outputs: outputs() });
  const startApi: SampleCluster['startApi'] = async (answer = () => ({ body: 'ok' })) => {
    const api = await sampleApi(answer, 'forge:administrators', { address: API_ADDRESS, port: API_PORT });
    const { clusterCaCertificate, clientCertificate, clientKey } = api.access;
    const values = { clusterCaCertificate, adminCertificate: clientCertificate, adminKey: clientKey };
    await operator.put(STATE_KEYS.network, { ...networkState, outputs: outputs(values) });
    return api;
  };
  return { operator, cloud, startApi };
}

/** Each value that is not given says which output it is. */
function outputs(given: Readonly<Record<string, string>> = {}): Record<string, { value: string; sensitive: boolean }> {
  return Object.fromEntries(
    Object.entries(networkOutputs).map(([name, { sensitive }]) => {
      const id = outputId(name);
      const value = id === 'api_address' ? API_ADDRESS : (given[name] ?? `value of ${id}`);
      return [id, { value, sensitive }];
    }),
  );
}
