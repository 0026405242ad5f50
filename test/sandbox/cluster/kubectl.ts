/** kubectl with a certificate of a test's cluster. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export type Kubectl = (args: readonly string[], input?: string) => Promise<Ended>;

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
  return (args, input = '') =>
    new Promise((resolve) => {
      const command = ['--kubeconfig', kubeconfig, ...args];
      const child = execFile(kubectl, command, { env: { HOME: '/nonexistent' } }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
      child.stdin?.end(input);
    });
}
