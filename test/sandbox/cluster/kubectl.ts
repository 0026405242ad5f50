/** kubectl with a certificate of a test's cluster. */
import { writeFileSync } from 'node:fs';
import { runProgram, type ProgramResult } from '#clients/program';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';

export type Kubectl = (args: readonly string[], input?: string) => Promise<ProgramResult>;

/** @param kubeconfig file that is written */
export async function kubectlWith(access: KubernetesAccess, kubeconfig: string): Promise<Kubectl> {
  const { kubectl } = await ensureSandboxTools(() => undefined);
  writeFileSync(kubeconfig, kubeconfigText('test', access), { mode: 0o600 });
  return (args, input) =>
    runProgram(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      env: { HOME: '/nonexistent' },
      ...(input !== undefined && { input }),
    });
}
