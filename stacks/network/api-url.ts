import type { OutputsOf } from '../contract';
import { kubernetesNetwork } from './kubernetes-network';
import type { networkOutputs } from './outputs';

/** URL of the Kubernetes API. */
export function apiUrl({ apiAddress }: Pick<OutputsOf<typeof networkOutputs>, 'apiAddress'>): string {
  return `https://${apiAddress}:${kubernetesNetwork.apiPort}`;
}
