/** A deployed environment: its account, its states in Spaces, and the API of its cluster as the state names it. */
import type { Command } from 'commander';
import type { Terminal } from '#cli/output/terminal';
import { outputId } from '#stacks/contract';
import { kubernetesNetwork } from '#stacks/network/kubernetes-network';
import { networkOutputs } from '#stacks/network/outputs';
import { stateKey, type StackName } from '#stacks/stack-names';
import { LOOPBACK_NETWORK } from '#test/loopback-network';
import { sampleAccount, TOKENS, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { sampleApi, type Answer, type Asked, type SampleApi } from '#test/clients/kubernetes/sample-api';
import { sampleOperator, type Operator } from '../sample-operator';

/** Type and attributes of what a state has. */
export type Managed = readonly [type: string, attributes: Readonly<Record<string, string>>];

export interface SampleEnvironment {
  readonly operator: Operator;
  readonly cloud: SampleAccount;
  /** Writes the state of a stack that has these resources. @param outputs of the network stack, for a cluster that can be reached */
  deployed(stack: StackName, managed: readonly Managed[], outputs?: Outputs): Promise<void>;
  /** Starts the API of the cluster; the outputs say where it is. */
  startApi(answer: (asked: Asked) => Answer): Promise<SampleApi & { readonly outputs: Outputs }>;
  end(): Promise<void>;
}

export type Outputs = Readonly<Record<string, { readonly value: string }>>;

/** @param makeCommand what `operator.run` runs */
export async function sampleEnvironment(
  makeCommand: (terminal: Terminal) => Command,
  options: Parameters<typeof sampleOperator>[1] = {},
): Promise<SampleEnvironment> {
  const cloud = await sampleAccount();
  const operator = await sampleOperator(makeCommand, options);
  Object.assign(operator.env, { DIGITALOCEAN_TOKEN: TOKENS.deploy, DIGITALOCEAN_API_URL: cloud.url });
  const running: { close(): Promise<void> }[] = [];
  return {
    operator,
    cloud,
    deployed: (stack, managed, outputs = {}) =>
      operator.put(stateKey('forge', 'production', stack), { version: 4, outputs, resources: managed.map(resourceOf) }),
    async startApi(answer) {
      const address = `${LOOPBACK_NETWORK}.61.1`;
      const api = await sampleApi(answer, undefined, { address, port: kubernetesNetwork.apiPort });
      running.push(api);
      return { ...api, outputs: outputsOf(address, api) };
    },
    async end() {
      for (const one of running) await one.close();
    },
  };
}

function resourceOf([type, attributes]: Managed): object {
  return { mode: 'managed', type, name: 'one', instances: [{ attributes }] };
}

function outputsOf(address: string, { access }: SampleApi): Outputs {
  const values: Record<string, string> = {
    api_address: address,
    cluster_ca_certificate: access.clusterCaCertificate,
    admin_certificate: access.clientCertificate,
    admin_key: access.clientKey,
  };
  return Object.fromEntries(
    Object.keys(networkOutputs).map((name) => [outputId(name), { value: values[outputId(name)] ?? 'not asked for' }]),
  );
}
