/** How commands reach the cluster's API, from the Terraform state. */
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { outputId, type OutputsOf } from '#stacks/contract';
import { apiUrl } from '#stacks/network/api-url';
import { networkOutputs } from '#stacks/network/outputs';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { spacesTarget, withSpaces, type SpacesClient } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';
import { requireOutputs } from '../state/state-file';
import { stateKeyOf } from '../state/stacks';
import { maskInJob } from '../output/github-job';
import type { Terminal } from '../output/terminal';

type NetworkOutputs = OutputsOf<typeof networkOutputs>;

/**
 * The administrator's, from the outputs of the `network` stack in Spaces.
 *
 * @throws SpacesFailure when the stack was never deployed, or was destroyed
 */
export async function clusterAccess(terminal: Terminal): Promise<KubernetesAccess> {
  const outputs = await readNetworkOutputs(terminal);
  return {
    server: apiUrl(outputs),
    clusterCaCertificate: outputs.clusterCaCertificate,
    clientCertificate: outputs.adminCertificate,
    clientKey: outputs.adminKey,
  };
}

async function readNetworkOutputs(terminal: Terminal): Promise<NetworkOutputs> {
  const { env, notify } = terminal;
  const config = loadConfig(configFile(env));
  const key = stateKeyOf(config, 'network');
  const read = (spaces: SpacesClient) => requireOutputs(spaces, key, 'network');
  const found = await withSpaces(spacesTarget(config, env), read, notify);
  const values = Object.keys(networkOutputs).map((name) => [name, found[outputId(name)]?.value]);
  if (values.some(([, value]) => typeof value !== 'string')) {
    throw new SpacesFailure(
      'The stack network publishes no cluster: it was destroyed, or its deploy did not end. Deploy it with: npx cdktf deploy network',
    );
  }
  const secrets = Object.entries(networkOutputs).filter(([, { sensitive }]) => sensitive);
  const outputs = Object.fromEntries(values) as NetworkOutputs;
  maskInJob(
    terminal,
    secrets.map(([name]) => outputs[name as keyof NetworkOutputs]),
  );
  return outputs;
}
