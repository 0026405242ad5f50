/** Terraform's own environment variables: those that would have it do something else than the commands say. */
import { isAbsolute, normalize } from 'node:path';
import { ConfigError } from './config-error';

/** The only workspace: the states are where the commands look for them. */
const WORKSPACE = 'default';

/**
 * @param variables whose values come from the environment under their own names
 * @throws ConfigError that names them, without their values
 */
export function refuseTerraformSettings(env: NodeJS.ProcessEnv, variables: readonly string[] = []): void {
  const isSet = (name: string) => (env[name] ?? '').trim() !== '';
  const refused = [
    ...(isSet('TF_WORKSPACE') && env['TF_WORKSPACE'] !== WORKSPACE ? ['TF_WORKSPACE'] : []),
    ...(isShared(env['TF_DATA_DIR'] ?? '') ? ['TF_DATA_DIR'] : []),
    ...Object.keys(env).filter((name) => /^TF_CLI_ARGS(_|$)/.test(name) && isSet(name)),
    ...variables.map((name) => `TF_VAR_${name}`).filter((name) => env[name] !== undefined),
  ].sort();
  if (refused.length === 0) return;
  throw new ConfigError(
    `The environment has ${refused.join(', ')}. With that Terraform uses other states, other options or other values than the commands say: ` +
      `what lives would count as left over, a part as the whole. Remove it, then run this again: unset ${refused.join(' ')}`,
  );
}

/** Whether two stacks would keep their settings, such as where the state is, in the same folder. */
function isShared(dataFolder: string): boolean {
  return isAbsolute(dataFolder) || normalize(dataFolder).startsWith('..');
}

/**
 * The same without logs of Terraform, which hold secrets in clear, and in the one workspace, whichever was selected in
 * the folder of a stack.
 */
export function withTerraformSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !/^TF_LOG(_|$)/.test(name));
  return { ...Object.fromEntries(others), TF_WORKSPACE: WORKSPACE };
}
