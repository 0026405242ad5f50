/** Runs the real helm against the cluster of a provider block. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#clients/program';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { text } from '../attributes';
import { ProviderError, type ValueObject } from '../engine/resource';

export class HelmProgram {
  /**
   * @param program path of helm
   * @param cluster the block `kubernetes` of the provider; values that are not known yet fail at the first call
   */
  constructor(
    private readonly program: string,
    private readonly cluster: ValueObject,
  ) {}

  /**
   * @param values of the release, for commands that take them
   * @returns what helm prints
   * @throws ProviderError in helm's own words
   */
  async run(args: readonly string[], signal: AbortSignal, values?: object): Promise<string> {
    if (text(this.cluster, 'host') === '') {
      throw new ProviderError('The provider is not configured', 'The address of the cluster is not known yet.');
    }
    const folder = mkdtempSync(join(tmpdir(), 'forge-helm-'));
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    try {
      const env = environment(folder, file('kubeconfig', this.kubeconfig()));
      const more = values === undefined ? [] : ['--values', file('values.json', JSON.stringify(values))];
      const { code, stdout, stderr } = await runProgram(this.program, [...args, ...more], { env, signal });
      if (code !== 0) throw new ProviderError(stderr.trim().replace(/^Error: /, ''));
      return stdout;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private kubeconfig(): string {
    return kubeconfigText('provider', {
      server: text(this.cluster, 'host'),
      clusterCaCertificate: text(this.cluster, 'cluster_ca_certificate'),
      clientCertificate: text(this.cluster, 'client_certificate'),
      clientKey: text(this.cluster, 'client_key'),
    });
  }
}

/** Nothing of the user's own helm, and nothing left behind. */
function environment(folder: string, kubeconfigFile: string): Record<string, string> {
  return {
    HOME: folder,
    KUBECONFIG: kubeconfigFile,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
  };
}
