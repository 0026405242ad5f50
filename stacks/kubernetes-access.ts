/** How a stack reaches the cluster: the admin certificate of the `network` stack. */
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import type { Construct } from 'constructs';
import type { OutputsOf } from './contract';
import { apiUrl } from './network/api-url';
import type { networkOutputs } from './network/outputs';

type NetworkOutputs = OutputsOf<typeof networkOutputs>;

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
