/** Argo CD's programs as processes of this machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { kubeconfig } from '#stacks/kubeconfig';
import { freePort } from '../net/free-port';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import type { ProcessSpec } from '../processes/process';
import { REPO_SERVER_PATH } from '../toolchain/repo-server-path';
import { ARGOCD_NAMESPACE, type ComponentName } from './components';

export interface ProcessesOptions {
  /** For the owner only: holds the credentials of the cluster. */
  readonly folder: string;
  readonly tools: { readonly argocd: string; readonly miniredis: string };
  readonly api: KubernetesAccess;
  /** Of the sandbox: where the web page and the webhook answer. */
  readonly address: string;
  /** From the release's ConfigMaps. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Of argocd-server, the web page and GitHub's webhook, on the sandbox's own address. */
export const ARGOCD_PORT = 9080;
/**
 * Where the release says two minutes: pushes are announced by the webhook, and a lost announcement should not make a person wait.
 */
const POLLING = '5s';
const LOOPBACK = '127.0.0.1';

export async function componentProcesses(options: ProcessesOptions): Promise<Record<ComponentName, ProcessSpec>> {
  const { folder, tools, address } = options;
  const [redis, repoServer] = [`${LOOPBACK}:${await freePort()}`, await freePort()];
  const clients = ['--redis', redis, '--repo-server', `${LOOPBACK}:${repoServer}`, '--repo-server-plaintext'];
  const cluster = ['--kubeconfig', writeKubeconfig(folder, options.api), '--namespace', ARGOCD_NAMESPACE];
  const environment = { ...foldersOf(folder), ...options.variables };
  const argocd = (name: ComponentName, args: readonly string[]): ProcessSpec => ({
    ...{ name, command: tools.argocd, args },
    environment: { ...environment, ARGOCD_BINARY_NAME: name },
  });
  const local = async () => ['--metrics-address', LOOPBACK, '--metrics-port', `${await freePort()}`];
  return {
    'argocd-redis': { name: 'argocd-redis', command: tools.miniredis, args: ['--address', redis] },
    'argocd-repo-server': argocd('argocd-repo-server', [
      ...['--redis', redis, '--address', LOOPBACK, '--port', `${repoServer}`, ...(await local())],
      // With an authority it would want TLS for itself.
      ...['--disable-tls', '--client-ca-path', ''],
    ]),
    'argocd-application-controller': argocd('argocd-application-controller', [
      // Of its metrics only the port can be chosen: they listen on all addresses (docs/sandbox.md).
      ...[...cluster, ...clients, '--metrics-port', `${await freePort()}`, '--app-resync-jitter', '0'],
    ]),
    'argocd-server': argocd('argocd-server', [
      ...[...cluster, ...clients, '--address', address, '--port', `${ARGOCD_PORT}`, ...(await local())],
      ...['--dex-server', ''],
    ]),
  };
}

function foldersOf(folder: string): Record<string, string> {
  const at = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    PATH: [REPO_SERVER_PATH, process.env['PATH']].join(delimiter),
    TMPDIR: at('tmp'),
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: at('gnupg'),
    ARGOCD_TLS_DATA_PATH: at('tls'),
    ARGOCD_SSH_DATA_PATH: at('ssh'),
    ARGOCD_RECONCILIATION_TIMEOUT: POLLING,
  };
}

function writeKubeconfig(folder: string, access: KubernetesAccess): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  // Where Argo CD looks for what stands for the pod's own access: below the home folder.
  const file = join(folder, '.kube', 'config');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, kubeconfig({ ...access, name: 'in-cluster', base64 }), { mode: 0o600 });
  return file;
}
