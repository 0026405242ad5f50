/** A stand-in for the provider github: what the project uses of the official one, which is a client of GitHub's API. */
import type { ProviderDefinition } from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { clientOf, type GithubClient } from './client';
import { repositoryDeployKey } from './deploy-key';
import { actionsSecret } from './secret';
import { actionsVariable } from './variable';
import { repositoryWebhook } from './webhook';

const resources = {
  github_actions_secret: actionsSecret,
  github_actions_variable: actionsVariable,
  github_repository_deploy_key: repositoryDeployKey,
  github_repository_webhook: repositoryWebhook,
};

/** @param url of the API, as in GITHUB_BASE_URL */
export function githubProvider(url: string): ProviderDefinition<GithubClient> {
  return {
    sdk: true,
    schema: providerSchema('github'),
    configure: (config) => clientOf(url, config),
    resources,
    dataSources: {},
  };
}
