/** What GitHub must know about the cluster, and the secrets that the cluster gets from GitHub. */
import { GithubProvider } from '@cdktf/provider-github/lib/provider';
import type { Construct } from 'constructs';
import { GITHUB_TOKEN } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import type { ClusterStack } from '../cluster/cluster-stack';
import { clusterOutputs, loginOutputs } from '../cluster/outputs';
import type { OutputsOf } from '../contract';
import { environmentVariable } from '../environment-variable';
import { kubernetesProviders } from '../kubernetes-access';
import { apiUrl } from '../network/api-url';
import { hostsOf } from '#config/hosts';
import type { NetworkStack } from '../network/network-stack';
import { networkOutputs } from '../network/outputs';
import { SpacesStack, type SpacesStackProps } from '../spaces-stack';
import { Actions } from './actions';
import { KubernetesSecrets, type KubernetesSecretsProps } from './kubernetes-secret';
import { backupSecret } from './backup-secret';
import { ADDRESSES, githubNames, urlOf } from './names';
import { loginSecrets } from './login-secrets';
import { githubSecretsOutputs } from './outputs';
import { ArgoCdTie } from './webhook';

export interface GithubSecretsStackProps extends SpacesStackProps {
  readonly config: ForgeConfig;
  readonly network: NetworkStack;
  readonly cluster: ClusterStack;
  readonly revisionOf: KubernetesSecretsProps['revisionOf'];
}

export class GithubSecretsStack extends SpacesStack {
  constructor(scope: Construct, id: string, props: GithubSecretsStackProps) {
    super(scope, id, props);
    const { config } = props;
    const network = this.outputsOf(props.network, networkOutputs);
    const cluster = this.outputsOf(props.cluster, clusterOutputs);
    const [owner, repository] = config.repository.split('/') as [string, string];
    kubernetesProviders(this, network);
    const token = environmentVariable(this, GITHUB_TOKEN, 'everything at GitHub', 'always');
    new GithubProvider(this, 'github', { owner, token: token.stringValue });

    const { webhookUrl, deployKeyTitle: title } = githubNames(config);
    new Actions(this, 'actions', { repository, variables: addresses(config, network) });
    new ArgoCdTie(this, 'argocd', {
      repository,
      title,
      webhookUrl,
      webhookSecret: cluster.webhookSecret,
      deployKey: cluster.deployKey,
    });
    new KubernetesSecrets(this, 'secret', {
      secrets: [
        ...config.secrets,
        backupSecret(config, network),
        ...(config.login ? loginSecrets(config.login, this.outputsOf(props.cluster, loginOutputs)) : []),
      ],
      revisionOf: props.revisionOf,
    });
    this.publish(githubSecretsOutputs, { webhookUrl });
  }
}

function addresses(config: ForgeConfig, network: OutputsOf<typeof networkOutputs>): Record<string, string> {
  const { actions } = githubNames(config);
  const urls = hostsOf(config).map((host) => [actions(urlOf(host)), `https://${host}.${config.domain}`]);
  return {
    [actions(ADDRESSES.domain)]: config.domain,
    [actions(ADDRESSES.api)]: apiUrl(network),
    [actions(ADDRESSES.entrance)]: network.entranceAddress,
    ...(Object.fromEntries(urls) as Record<string, string>),
  };
}
