/** Kubeconfigs as `forge kubeconfig` would make them. */
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { issueClientCertificate } from '#clients/kubernetes/client-certificate';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { outputOf } from '#clients/program';
import { operatorNames, OPERATORS_GROUP } from '#config/people';
import type { OutputsOf } from '#stacks/contract';
import { outputId } from '#stacks/contract';
import { apiUrl } from '#stacks/network/api-url';
import { networkOutputs } from '#stacks/network/outputs';
import { networkStackFolder } from '../cdktf';
import type { RunningSandbox } from './running-sandbox';

export type Person = 'admin' | 'operators';

const VALID_DAYS = 30;

/** Path of a person's kubeconfig. */
export function kubeconfigFile({ folder }: Pick<RunningSandbox, 'folder'>, person: Person): string {
  return join(folder.path, `kubeconfig-${person}`);
}

type Place = Pick<RunningSandbox, 'folder' | 'config' | 'env'>;

/** The administrator's, from the outputs of the `network` stack. */
export async function writeAdminKubeconfig(sandbox: Place): Promise<void> {
  write(sandbox, 'admin', await adminAccess(sandbox));
}

/** An operator's, with a certificate that the cluster signs: its API must answer. */
export async function writeOperatorsKubeconfig(sandbox: Place): Promise<void> {
  const admin = await adminAccess(sandbox);
  const client = new KubernetesClient(admin);
  try {
    const identity = { user: operatorNames(sandbox.config)[0], group: OPERATORS_GROUP };
    const issued = await issueClientCertificate(client, identity, VALID_DAYS);
    write(sandbox, 'operators', Object.assign({}, admin, issued));
  } finally {
    client.close();
  }
}

function write({ folder, config }: Place, person: Person, access: KubernetesAccess): void {
  const text = kubeconfigText(`${config.name}-${config.environment}-${person}`, access);
  writePrivateFile(kubeconfigFile({ folder }, person), text);
}

async function adminAccess({ env }: Place): Promise<KubernetesAccess> {
  const outputs = await readOutputs(env);
  return {
    server: apiUrl(outputs),
    clusterCaCertificate: outputs.clusterCaCertificate,
    clientCertificate: outputs.adminCertificate,
    clientKey: outputs.adminKey,
  };
}

async function readOutputs(env: Readonly<Record<string, string>>): Promise<OutputsOf<typeof networkOutputs>> {
  const stdout = await outputOf('terraform', ['output', '-json'], {
    cwd: networkStackFolder({ ...process.env, ...env }),
    env: { ...process.env, ...env },
  });
  const found = JSON.parse(stdout) as Record<string, { value: string }>;
  const entries = Object.keys(networkOutputs).map((name) => [name, found[outputId(name)]!.value]);
  return Object.fromEntries(entries) as OutputsOf<typeof networkOutputs>;
}
