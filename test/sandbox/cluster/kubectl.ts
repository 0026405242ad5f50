/** kubectl with a certificate of a test's cluster. */
import { writeFileSync } from 'node:fs';
import { runProgram, type ProgramResult } from '#clients/program';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';

export type Kubectl = (args: readonly string[], input?: string) => Promise<ProgramResult>;

/** @param kubeconfig file that is written */
export async function kubectlWith(access: KubernetesAccess, kubeconfig: string): Promise<Kubectl> {
  const { kubectl } = await ensureSandboxTools(() => undefined);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [
      {
        name: 'test',
        cluster: { server: access.server, 'certificate-authority-data': base64(access.clusterCaCertificate) },
      },
    ],
    users: [
      {
        name: 'test',
        user: {
          'client-certificate-data': base64(access.clientCertificate),
          'client-key-data': base64(access.clientKey),
        },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return (args, input) =>
    runProgram(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      env: { HOME: '/nonexistent' },
      ...(input !== undefined && { input }),
    });
}
