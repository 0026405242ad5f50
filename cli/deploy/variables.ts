/** What a deploy takes from the environment. All of it is asked for at the beginning: half a deploy helps nobody. */
import { alertVariables } from '#config/alerts';
import { CLUSTER_TOKEN, DIGITALOCEAN_TOKEN, GITHUB_TOKEN, secretVariables } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { refuseTerraformSettings } from '#config/terraform-settings';
import { refuseBrokenTokens } from '#config/tokens';
import type { StackName } from '#stacks/stack-names';
import { CommandFailure } from '#clients/failure';

/** For every stack: the state, and the firewall that opens the API. */
const ALWAYS = ['SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY', DIGITALOCEAN_TOKEN];

/** @throws CommandFailure with exit code 2 that names all that is missing; ConfigError for what is broken */
export function refuseMissingVariables(
  env: NodeJS.ProcessEnv,
  config: ForgeConfig,
  stacks: readonly StackName[],
): void {
  refuseTerraformSettings(env, [...alertVariables(config), ...secretVariables(config)]);
  refuseBrokenTokens(env);
  const ofStack: Readonly<Record<StackName, readonly string[]>> = {
    network: alertVariables(config),
    cluster: [CLUSTER_TOKEN],
    'github-secrets': [GITHUB_TOKEN, ...secretVariables(config)],
  };
  const needed = [...ALWAYS, ...stacks.flatMap((stack) => ofStack[stack])];
  const missing = needed.filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw new CommandFailure(
    `To deploy ${stacks.join(', ')}, the environment lacks ${missing.join(', ')}. What each is for: README.md, "Deploying to DigitalOcean". Nothing was changed.`,
    { exitCode: 2 },
  );
}
