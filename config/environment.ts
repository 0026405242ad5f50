/** What the project takes from the environment: the only place that reads it for the stacks. */
import { resolve } from 'node:path';
import { alertVariables } from './alerts';
import { ConfigError } from './config-error';
import { LOGIN_CLIENT_SECRET } from './login';
import type { ForgeConfig } from './schema';
import { refuseTerraformSettings } from './terraform-settings';
import { BACKUP_PASSWORD, CLUSTER_TOKEN, DIGITALOCEAN_TOKEN, GITHUB_TOKEN, refuseBrokenTokens } from './tokens';

/** Names with a meaning of their own. No secret of forge.yaml may take one of them. */
export { BACKUP_PASSWORD, CLUSTER_TOKEN, DIGITALOCEAN_TOKEN, GITHUB_TOKEN };
const CONFIG_FILE = 'FORGE_CONFIG';
const SPACES_ENDPOINT_URL = 'SPACES_ENDPOINT_URL';
const CHART_REPOSITORY = 'FORGE_CHART_REPOSITORY';
const DEFAULT_CHART_REPOSITORY = 'https://argoproj.github.io/argo-helm';
const DEFAULT_SPACES_ENDPOINT = 'https://{{.Region}}.digitaloceanspaces.com';

export interface SpacesCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Environment {
  /** Absolute path of the forge.yaml in use. */
  readonly configFile: string;
  /** URL of the Spaces endpoint of a region, without the bucket. */
  readonly spacesEndpoint: (region: string) => string;
  /** URL of the Helm repository with Argo CD's charts. */
  readonly chartRepository: string;
  /** Absent without both halves: a checkout without an account still synthesises. */
  readonly spacesCredentials?: SpacesCredentials;
  /** Whether a deploy would cost money: there is a Spaces key, and nothing says that it is for another store. */
  readonly isRealCloud: boolean;
  /** Token for what runs inside the cluster, narrower than the one that deploys. */
  readonly clusterToken?: string;
  /** Values that are present, by variable name: those that `secrets:` and `alerts` need, the three tokens and the password of the backups. */
  readonly secretValues: ReadonlyMap<string, string>;
}

/**
 * Reads everything at once. An empty value counts as absent, as GitHub gives one for a secret that does not exist.
 *
 * @throws ConfigError for half of a Spaces key, an endpoint that is no URL, a token that is broken, and what changes Terraform's ways
 */
export function readEnvironment(env: NodeJS.ProcessEnv, config: ForgeConfig): Environment {
  refuseTerraformSettings(env, namesOfValues(config));
  refuseBrokenTokens(env);
  const spacesCredentials = readSpacesCredentials(env);
  const clusterToken = valueOf(env, CLUSTER_TOKEN);
  const otherEndpoint = valueOf(env, SPACES_ENDPOINT_URL);
  return {
    configFile: configFile(env),
    spacesEndpoint: spacesEndpoint(otherEndpoint ?? DEFAULT_SPACES_ENDPOINT),
    isRealCloud: spacesCredentials !== undefined && otherEndpoint === undefined,
    chartRepository: valueOf(env, CHART_REPOSITORY) ?? DEFAULT_CHART_REPOSITORY,
    ...(spacesCredentials && { spacesCredentials }),
    ...(clusterToken && { clusterToken }),
    secretValues: readSecretValues(env, config),
  };
}

/** Absolute path of the configuration: FORGE_CONFIG, else forge.yaml in the working directory. */
export function configFile(env: NodeJS.ProcessEnv): string {
  return resolve(valueOf(env, CONFIG_FILE) ?? 'forge.yaml');
}

function valueOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

/** @param template as the DigitalOcean provider reads it, with `{{.Region}}` where the region goes */
function spacesEndpoint(template: string): (region: string) => string {
  const endpoint = (region: string) => template.replaceAll(/\{\{\s*\.Region\s*\}\}/g, () => region);
  if (/^https?:\/\//.test(template) && URL.canParse(endpoint('fra1'))) return endpoint;
  throw new ConfigError(
    `The environment variable ${SPACES_ENDPOINT_URL} is "${template}". It must be a URL such as ${DEFAULT_SPACES_ENDPOINT}, or absent.`,
  );
}

function readSpacesCredentials(env: NodeJS.ProcessEnv): SpacesCredentials | undefined {
  const accessKeyId = valueOf(env, 'SPACES_ACCESS_KEY_ID');
  const secretAccessKey = valueOf(env, 'SPACES_SECRET_ACCESS_KEY');
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  if (!accessKeyId && !secretAccessKey) return undefined;
  const [present, absent] = accessKeyId
    ? ['SPACES_ACCESS_KEY_ID', 'SPACES_SECRET_ACCESS_KEY']
    : ['SPACES_SECRET_ACCESS_KEY', 'SPACES_ACCESS_KEY_ID'];
  throw new ConfigError(`The environment has ${present} but not ${absent}. Set both, or neither.`);
}

/** Names of the variables that a deploy of github-secrets needs: those of `secrets:`, the password of the backups, the secret of the login. */
export function secretVariables({ secrets, backups, login }: ForgeConfig): string[] {
  const named = secrets.flatMap(({ data }) => Object.values(data));
  return [
    ...new Set([
      ...named,
      ...(backups.enabled ? [BACKUP_PASSWORD] : []),
      ...(login?.github ? [LOGIN_CLIENT_SECRET] : []),
    ]),
  ];
}

function readSecretValues(env: NodeJS.ProcessEnv, config: ForgeConfig): ReadonlyMap<string, string> {
  return new Map(
    namesOfValues(config).flatMap((name) => {
      const value = valueOf(env, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function namesOfValues(config: ForgeConfig): string[] {
  return [
    ...new Set([
      DIGITALOCEAN_TOKEN,
      CLUSTER_TOKEN,
      GITHUB_TOKEN,
      ...alertVariables(config),
      ...secretVariables(config),
    ]),
  ];
}
