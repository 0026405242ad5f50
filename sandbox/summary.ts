/** What a sandbox holds after a deploy, as its closing table shows it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface NodeSummary {
  readonly name: string;
  readonly ready: boolean;
  readonly roles: string;
  readonly version: string;
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly nodeInfo: { readonly kubeletVersion: string };
    };
  }[];
}

const ROLE_LABEL = 'node-role.kubernetes.io/';

/** Nodes of the cluster, asked with kubectl and the kubeconfig that users get. */
export async function readNodes(kubectl: string, kubeconfig: string): Promise<NodeSummary[]> {
  const { stdout } = await run(kubectl, ['--kubeconfig', kubeconfig, 'get', 'nodes', '--output', 'json']);
  return (JSON.parse(stdout) as NodeList).items.map(({ metadata, status }) => ({
    name: metadata.name,
    ready: (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    roles: rolesOf(metadata.labels),
    version: status.nodeInfo.kubeletVersion,
  }));
}

function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = Object.keys(labels).flatMap((label) =>
    label.startsWith(ROLE_LABEL) ? [label.slice(ROLE_LABEL.length)] : [],
  );
  return roles.length === 0 ? 'worker' : roles.sort().join(',');
}
