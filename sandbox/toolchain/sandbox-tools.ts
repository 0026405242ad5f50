/** The programs that the sandbox runs. */
import { ensureTools } from './ensure-tools';

const SANDBOX_TOOLS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'etcd',
  'etcdutl',
  'kwok',
  'helm',
  'argocd',
  'miniredis',
  'terraform',
] as const;

export type SandboxTool = (typeof SANDBOX_TOOLS)[number];

/**
 * Paths of the programs, which are downloaded or built at the first call.
 *
 * @param progress gets a line about what is under way
 */
export function ensureSandboxTools(progress: (line: string) => void): Promise<Record<SandboxTool, string>> {
  return ensureTools(SANDBOX_TOOLS, {
    progress: ({ tool, phase, detail }) => {
      progress(`${tool}: ${phase} ${detail ?? ''}`);
    },
  });
}
