/** The two ties between the repository and Argo CD: pushes are announced, and Argo CD may read. */
import { RepositoryDeployKey } from '@cdktf/provider-github/lib/repository-deploy-key';
import { RepositoryWebhook } from '@cdktf/provider-github/lib/repository-webhook';
import { Construct } from 'constructs';

export interface ArgoCdTieProps {
  /** Name of the repository without its owner. */
  readonly repository: string;
  /** Distinguishes environments that share a repository. */
  readonly title: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  /** Public SSH key. */
  readonly deployKey: string;
}

export class ArgoCdTie extends Construct {
  constructor(scope: Construct, id: string, props: ArgoCdTieProps) {
    super(scope, id);
    new RepositoryWebhook(this, 'webhook', {
      repository: props.repository,
      events: ['push'],
      configuration: {
        url: props.webhookUrl,
        secret: props.webhookSecret,
        // Argo CD refuses the form encoding.
        contentType: 'json',
        insecureSsl: false,
      },
    });
    new RepositoryDeployKey(this, 'deploy-key', {
      repository: props.repository,
      title: props.title,
      key: props.deployKey,
      readOnly: true,
    });
  }
}
