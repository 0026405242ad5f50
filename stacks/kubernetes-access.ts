/** How a stack reaches the cluster: the admin certificate of the `network` stack. */
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import type { Construct } from 'constructs';
import type { OutputsOf } from './contract';
import { kubernetesNetwork } from './network/kubernetes-network';
import type { networkOutputs } from './network/outputs';

type NetworkOutputs = OutputsOf<typeof networkOutputs>;

/** URL of the Kubernetes API. */
export function apiUrl(network: NetworkOutputs): string {
  return `https://${network.apiAddress}:${kubernetesNetwork.apiPort}`;
}

/** Configures the kubernetes and helm providers of a stack. */
export function kubernetesProviders(scope: Construct, network: NetworkOutputs): void {
  const access = {
    host: apiUrl(network),
    clusterCaCertificate: network.clusterCaCertificate,
    clientCertificate: network.adminCertificate,
    clientKey: network.adminKey,
  };
  new KubernetesProvider(scope, 'kubernetes', access);
  new HelmProvider(scope, 'helm', { kubernetes: access });
}
