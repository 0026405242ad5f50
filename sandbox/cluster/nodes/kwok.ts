/** kwok plays the kubelets of all nodes of a cluster: it keeps nodes and pods as real ones would, without running anything. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from '#sandbox/processes/process';

export interface KwokStart {
  readonly command: string;
  /** Unique among the clusters. */
  readonly name: string;
  readonly kubeconfig: string;
  readonly podCidr: string;
  /** On 127.0.0.1, for what is asked of a kubelet. */
  readonly port: number;
  /** Files with the configuration of what `kubectl logs` and `kubectl port-forward` get. */
  readonly answers: readonly string[];
}

const STAGES = join(__dirname, 'stages');
/** As long as a kubelet's. Source: Kubernetes documentation, node leases. */
const LEASE_SECONDS = 40;

export function kwokProcess({ command, name, kubeconfig, podCidr, port, answers }: KwokStart): ProcessSpec {
  const stages = readdirSync(STAGES).filter((file) => file.endsWith('.yaml'));
  return {
    name: `${name}.kwok`,
    command,
    args: [
      `--kubeconfig=${kubeconfig}`,
      '--manage-all-nodes=true',
      `--cidr=${podCidr}`,
      // kwok wants one, for nodes that have no address. Here all have.
      '--node-ip=127.0.0.1',
      `--node-lease-duration-seconds=${LEASE_SECONDS}`,
      `--server-address=127.0.0.1:${port}`,
      ...[...answers, ...stages.sort().map((file) => join(STAGES, file))].map((file) => `--config=${file}`),
    ],
  };
}
