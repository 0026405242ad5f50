/** Argo CD, and the root application from which it takes everything else. */
import { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Fn, Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ForgeConfig } from '#config/schema';
import { yamlText } from '#config/yaml-text';
import { Password } from '../../.gen/providers/random/password/index';
import { PrivateKey } from '../../.gen/providers/tls/private-key/index';
import { replacedByGeneration } from '../generation';
import { repositoryUrl } from '../repository-url';
import { writeOnlySecret } from '../write-only-secret';
import { CLIENT_SECRET_KEY } from './argocd-login';
import { ARGO_CD_APPS_CHART, ARGO_CD_CHART } from './argocd-charts';
import { argoCdProjects } from './argocd-projects';
import { argoCdValues, rootApplication } from './argocd-values';

const NAMESPACE = 'argocd';
/** Of the chart: what proves the events of all Git servers but GitHub. */
const OTHERS_WEBHOOKS = [
  'gitlabSecret',
  'bitbucketServerSecret',
  'bitbucketUUID',
  'gogsSecret',
  'azureDevops.username',
  'azureDevops.password',
] as const;

/** Digits of a hash that are a revision: 28 bits, a whole number for every reader of JSON. */
const REVISION_DIGITS = 7;

export interface ArgoCdProps {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Branch or tag that the cluster follows. */
  readonly revision: string;
  /** What people see and who they are. */
  readonly pages: Pick<ForgeConfig, 'domain' | 'login'>;
  /** By which it shows itself at the login; absent without one. */
  readonly loginSecret: string | undefined;
  /** Raised for another webhook secret or another deploy key. */
  readonly generations: { readonly webhookSecret: number; readonly deployKey: number };
  /** URL of the Helm repository with Argo CD's charts. */
  readonly chartRepository: string;
  readonly after: ITerraformDependable[];
}

export class ArgoCd extends Construct {
  /** Proves push events. */
  readonly webhookSecret: string;
  /** Public SSH key for the repository. */
  readonly deployKey: string;

  constructor(scope: Construct, id: string, props: ArgoCdProps) {
    super(scope, id);
    const { webhookSecret, deployKey } = props.generations;
    this.webhookSecret = new Password(this, 'webhook', {
      length: 40,
      special: false,
      lifecycle: replacedByGeneration(this, webhookSecret, 'webhook-generation'),
    }).result;
    const key = new PrivateKey(this, 'deploy-key', {
      algorithm: 'ED25519',
      lifecycle: replacedByGeneration(this, deployKey, 'deploy-key-generation'),
    });
    this.deployKey = Fn.trimspace(key.publicKeyOpenssh);

    const namespace = new NamespaceV1(this, 'namespace', {
      metadata: { name: NAMESPACE },
      dependsOn: props.after,
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
    const url = repositoryUrl(props.repository);
    const access = writeOnlySecret(this, 'repository', {
      metadata: {
        name: 'forge-repository',
        namespace: NAMESPACE,
        labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      },
      type: 'Opaque',
      data: { type: 'git', url, sshPrivateKey: key.privateKeyOpenssh },
      revision: revisionOf([url, this.deployKey]),
      dependsOn: [namespace],
    });
    const release = this.release(props, access);
    new Release(this, 'apps', {
      name: 'argocd-apps',
      namespace: NAMESPACE,
      repository: props.chartRepository,
      chart: 'argocd-apps',
      version: ARGO_CD_APPS_CHART,
      values: [
        yamlText({
          projects: argoCdProjects(NAMESPACE, url),
          applications: { root: rootApplication(NAMESPACE, url, props.revision) },
        }),
      ],
      dependsOn: [release],
    });
  }

  private release({ pages, chartRepository, loginSecret }: ArgoCdProps, after: ITerraformDependable): Release {
    return new Release(this, 'release', {
      name: 'argocd',
      namespace: NAMESPACE,
      repository: chartRepository,
      chart: 'argo-cd',
      version: ARGO_CD_CHART,
      values: [yamlText(argoCdValues(pages))],
      setSensitive: [
        { name: 'configs.secret.githubSecret', value: this.webhookSecret },
        ...this.othersWebhooks(),
        ...(loginSecret ? [{ name: `configs.secret.extra.${CLIENT_SECRET_KEY}`, value: loginSecret }] : []),
      ],
      wait: true,
      timeout: 900,
      dependsOn: [after],
    });
  }

  /** Argo CD takes events of every kind of Git server, unsigned where it has no secret for the kind. Nobody knows these. */
  private othersWebhooks() {
    const { result: value } = new Password(this, 'others-webhooks', { length: 40, special: false });
    return OTHERS_WEBHOOKS.map((key) => ({ name: `configs.secret.${key}`, value }));
  }
}

/** A number that follows texts that are no secret: Terraform counts it, since it alone knows the key. */
function revisionOf(texts: readonly string[]): number {
  const hash = Fn.sha256(Fn.join(' ', [...texts]));
  return Token.asNumber(Fn.parseint(Fn.substr(hash, 0, REVISION_DIGITS), 16));
}
