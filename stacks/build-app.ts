import type { App } from 'cdktf';
import type { Environment } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { ClusterStack } from './cluster/cluster-stack';
import { GithubSecretsStack } from './github-secrets/github-secrets-stack';
import { NetworkStack } from './network/network-stack';
import { secretRevision } from './secret-revision';
import type { SpacesStackProps } from './spaces-stack';

/** The three stacks of one environment, wired. */
export function buildApp(app: App, config: ForgeConfig, environment: Environment): void {
  const common: SpacesStackProps & { config: ForgeConfig } = {
    config,
    project: config.name,
    environment: config.environment,
    state: {
      bucket: config.state.bucket,
      endpoint: environment.spacesEndpoint(config.state.region),
      lockfile: config.state.lockfile,
    },
  };
  const place = `${config.name}/${config.environment}`;
  const network = new NetworkStack(app, 'network', common);
  const cluster = new ClusterStack(app, 'cluster', {
    ...common,
    network,
    chartRepository: environment.chartRepository,
    clusterTokenRevision: secretRevision(`${place}/kube-system/digitalocean`, [environment.clusterToken]),
  });
  new GithubSecretsStack(app, 'github-secrets', {
    ...common,
    network,
    cluster,
    revisionOf: ({ namespace, name, data, known = {} }) => {
      const values = Object.entries(data).flatMap(([key, variable]) => {
        const value = environment.secretValues.get(variable);
        return value === undefined ? [undefined] : [key, value];
      });
      // Without the values nothing is sent, whatever else is known.
      const all = values.includes(undefined) ? values : [...values, ...Object.values(known)];
      return secretRevision(`${place}/${namespace}/${name}`, all);
    },
  });
}
