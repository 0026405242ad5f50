/** Kubeconfigs from the outputs of the `network` stack, as an operator would make them. */
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { outputOf } from '#clients/program';
import type { OutputsOf } from '#stacks/contract';
import { outputId } from '#stacks/contract';
import { kubeconfig } from '#stacks/kubeconfig';
import { apiUrl } from '#stacks/network/api-url';
import { networkOutputs } from '#stacks/network/outputs';
import { networkStackFolder } from '../cdktf';
import type { RunningSandbox } from './running-sandbox';

export type Person = 'admin' | 'operators';

/** Path of a person's kubeconfig. */
export function kubeconfigFile({ folder }: Pick<RunningSandbox, 'folder'>, person: Person): string {
  return join(folder.path, `kubeconfig-${person}`);
}

export async function writeKubeconfigs(sandbox: Pick<RunningSandbox, 'folder' | 'config' | 'env'>): Promise<void> {
  const outputs = await readOutputs(sandbox.env);
  const { name, environment } = sandbox.config;
  const people: Record<Person, { clientCertificate: string; clientKey: string }> = {
    admin: { clientCertificate: outputs.adminCertificate, clientKey: outputs.adminKey },
    operators: { clientCertificate: outputs.operatorsCertificate, clientKey: outputs.operatorsKey },
  };
  for (const [person, credentials] of Object.entries(people)) {
    const content = kubeconfig({
      name: `${name}-${environment}-${person}`,
      server: apiUrl(outputs),
      clusterCaCertificate: outputs.clusterCaCertificate,
      ...credentials,
      base64: (text) => Buffer.from(text).toString('base64'),
    });
    writePrivateFile(kubeconfigFile(sandbox, person as Person), content);
  }
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
