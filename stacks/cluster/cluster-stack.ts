/** What the cluster needs before Git can take over: the cloud controller manager and Argo CD. */
import type { Construct } from 'constructs';
import { HttpProvider } from '../../.gen/providers/http/provider/index';
import { RandomProvider } from '../../.gen/providers/random/provider/index';
import { TlsProvider } from '../../.gen/providers/tls/provider/index';
import { CLUSTER_TOKEN } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { environmentVariable } from '../environment-variable';
import { kubernetesProviders } from '../kubernetes-access';
import type { NetworkStack } from '../network/network-stack';
import { networkOutputs } from '../network/outputs';
import { SpacesStack, type SpacesStackProps } from '../spaces-stack';
import { ArgoCd } from './argocd';
import { CloudController } from './cloud-controller';
import { LoginClients } from './login-clients';
import { clusterOutputs, loginOutputs } from './outputs';
import { Readiness } from './readiness';

export interface ClusterStackProps extends SpacesStackProps {
  readonly config: ForgeConfig;
  readonly network: NetworkStack;
  /** URL of the Helm repository with Argo CD's charts. */
  readonly chartRepository: string;
  /** From secretRevision; undefined when the token is absent. */
  readonly clusterTokenRevision: number | undefined;
}

export class ClusterStack extends SpacesStack {
  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);
    const { config } = props;
    const network = this.outputsOf(props.network, networkOutputs);
    kubernetesProviders(this, network);
    new HttpProvider(this, 'http');
    new RandomProvider(this, 'random');
    new TlsProvider(this, 'tls');

    const api = new Readiness(this, 'api', network);
    const token = environmentVariable(this, CLUSTER_TOKEN, 'the secret kube-system/digitalocean');
    const cloudController = new CloudController(this, 'cloud-controller', {
      region: config.region,
      vpcId: network.vpcId,
      token: token.stringValue,
      tokenRevision: props.clusterTokenRevision,
      after: api.dependable,
    });
    const login = config.login && new LoginClients(this, 'login', config.rotation.loginClients).secrets;
    const argocd = new ArgoCd(this, 'argocd', {
      repository: config.repository,
      revision: config.revision,
      pages: config,
      loginSecret: login?.argocd,
      generations: config.rotation,
      chartRepository: props.chartRepository,
      after: [cloudController.release],
    });
    this.publish(clusterOutputs, { webhookSecret: argocd.webhookSecret, deployKey: argocd.deployKey });
    if (login === undefined) return;
    const { argocd: loginArgocd, gitea: loginGitea, jenkins: loginJenkins } = login;
    this.publish(loginOutputs, { loginArgocd, loginGitea, loginJenkins });
  }
}
