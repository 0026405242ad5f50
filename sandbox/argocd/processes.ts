/** Argo CD's programs as processes of this machine. */
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { freePort } from '../net/free-port';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import type { ProcessSpec } from '../processes/process';
import { REPO_SERVER_PATH } from '../toolchain/repo-server-path';
import { STAND_INS_FOLDER } from '../standins/stand-ins';
import { ARGOCD_NAMESPACE, type ComponentName } from './components';
import type { RepoServerDoor } from './repo-server-door';
import type { ComponentSettings } from './workload-settings';

export interface ProcessesOptions {
  /** For the owner only: holds the credentials of the cluster. */
  readonly folder: string;
  readonly tools: { readonly argocd: string; readonly miniredis: string; readonly helm: string };
  readonly api: KubernetesAccess;
  /** Of the sandbox: where the web page and the webhook answer. */
  readonly address: string;
  /** Between the repo-server and the others. */
  readonly door: RepoServerDoor;
}

/** Of argocd-server, the web page and GitHub's webhook, on the sandbox's own address. */
export const ARGOCD_PORT = 9080;
/**
 * Where the release says two minutes: pushes are announced by the webhook, and a lost announcement should not make a person wait.
 */
const POLLING = '5s';
/**
 * Seconds between the waves of a sync, which are the layers. Argo CD waits for two, so that how a layer was is not taken for how it
 * is; here it has looked at one within a tenth.
 */
const BETWEEN_WAVES = '1';
const LOOPBACK = '127.0.0.1';

/** @returns what to start for a component that has these settings. What it needs of this machine wins over them. */
export async function componentProcesses(
  options: ProcessesOptions,
): Promise<(name: ComponentName, settings: ComponentSettings) => ProcessSpec> {
  const { folder, tools } = options;
  const ownArgs = await argumentsHere(options);
  const ownVariables = variablesHere(folder, tools.helm);
  return (name, { args, variables }) => {
    if (name === 'argocd-redis') return { name, command: tools.miniredis, args: ownArgs[name] };
    return {
      name,
      command: tools.argocd,
      args: [...args, ...ownArgs[name]],
      environment: { ...variables, ...ownVariables, ARGOCD_BINARY_NAME: name },
    };
  };
}

async function argumentsHere({
  folder,
  api,
  address,
  door,
}: ProcessesOptions): Promise<Record<ComponentName, readonly string[]>> {
  const [redis, repoServer] = [`${LOOPBACK}:${await freePort()}`, await freePort()];
  door.leadTo(repoServer);
  const clients = ['--redis', redis, '--repo-server', `${LOOPBACK}:${door.port}`, '--repo-server-plaintext'];
  const cluster = ['--kubeconfig', writeKubeconfig(folder, api), '--namespace', ARGOCD_NAMESPACE];
  const metrics = async () => ['--metrics-address', LOOPBACK, '--metrics-port', `${await freePort()}`];
  return {
    'argocd-redis': ['--address', redis],
    'argocd-repo-server': [
      ...['--redis', redis, '--address', LOOPBACK, '--port', `${repoServer}`, ...(await metrics())],
      // With an authority it would want TLS for itself.
      ...['--disable-tls', '--client-ca-path', ''],
    ],
    'argocd-application-controller': [
      // Of its metrics only the port can be chosen: they listen on all addresses (docs/sandbox.md).
      ...[...cluster, ...clients, '--metrics-port', `${await freePort()}`, '--app-resync-jitter', '0'],
    ],
    'argocd-server': [
      ...[...cluster, ...clients, '--address', address, '--port', `${ARGOCD_PORT}`, ...(await metrics())],
      ...['--dex-server', ''],
    ],
  };
}

function variablesHere(folder: string, helm: string): Record<string, string> {
  const at = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    PATH: [REPO_SERVER_PATH, process.env['PATH']].join(delimiter),
    // For the helm on that PATH.
    SANDBOX_HELM: helm,
    SANDBOX_STAND_INS: STAND_INS_FOLDER,
    TMPDIR: at('tmp'),
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: at('gnupg'),
    ARGOCD_TLS_DATA_PATH: at('tls'),
    ARGOCD_SSH_DATA_PATH: at('ssh'),
    ARGOCD_RECONCILIATION_TIMEOUT: POLLING,
    ARGOCD_SYNC_WAVE_DELAY: BETWEEN_WAVES,
  };
}

function writeKubeconfig(folder: string, access: KubernetesAccess): string {
  // Where Argo CD looks for what stands for the pod's own access: below the home folder.
  const file = join(folder, '.kube', 'config');
  writePrivateFile(file, kubeconfigText('in-cluster', access));
  return file;
}
