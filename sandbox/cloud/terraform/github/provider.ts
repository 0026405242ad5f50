/** The emulated provider github: what the project uses of the real one, on the emulated GitHub. */
import type { ProviderDefinition } from '../engine/resource';
import type { Github } from '#sandbox/cloud/github/session';
import { deriveProviderSchema } from '../schema/derived';
import { clientOf, type GithubClient } from './client';
import { repositoryDeployKey } from './deploy-key';
import { repositoryEnvironment } from './environment';
import { actionsEnvironmentSecret, actionsSecret } from './secret';
import { actionsVariable } from './variable';
import { repositoryWebhook } from './webhook';

const resources = {
  github_actions_environment_secret: actionsEnvironmentSecret,
  github_actions_secret: actionsSecret,
  github_actions_variable: actionsVariable,
  github_repository_deploy_key: repositoryDeployKey,
  github_repository_environment: repositoryEnvironment,
  github_repository_webhook: repositoryWebhook,
};

/** The provider on one GitHub. */
export function githubProvider(github: Github): ProviderDefinition<GithubClient> {
  return {
    schema: deriveProviderSchema('github', { resources: Object.keys(resources) }),
    configure: (config) => clientOf(github, config),
    resources,
    dataSources: {},
  };
}
