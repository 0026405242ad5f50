/** The environment in which `cdktf`, Terraform and `forge` work on the sandbox instead of the real cloud. */
import { createHmac } from 'node:crypto';
import { alertVariables } from '#config/alerts';
import { secretVariables } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { givenAddresses } from '../docker/networks';
import type { SandboxFolder } from './folder';
import { isChartMirrored } from './mirror';
import type { SandboxSettings } from './settings';

/** The sandbox's own services are on the first address of its network. */
export function servicesAddress({ network }: SandboxSettings): string {
  return `127.${network}.0.1`;
}

/** Where the emulated account takes public addresses from. */
export function publicRange({ network, real }: SandboxSettings): string {
  return real === undefined ? `127.${network}.0.0/16` : givenAddresses(real.publicNetwork);
}

export const SPACES_PORT = 9000;
export const DIGITALOCEAN_API_PORT = 9001;
export const GITHUB_API_PORT = 9002;
export const CHARTS_PORT = 9004;

/**
 * Variables for child processes and for `forge sandbox env`.
 *
 * @param reattach value of TF_REATTACH_PROVIDERS, which makes Terraform use the stand-ins
 */
export function sandboxEnvironment(
  folder: SandboxFolder,
  settings: SandboxSettings,
  config: ForgeConfig,
  reattach: string,
): Record<string, string> {
  return {
    ...providerVariables(settings, reattach),
    TF_CLI_CONFIG_FILE: folder.terraformConfig,
    SPACES_ENDPOINT_URL: `http://${servicesAddress(settings)}:${SPACES_PORT}`,
    SPACES_ACCESS_KEY_ID: settings.spaces.accessKeyId,
    SPACES_SECRET_ACCESS_KEY: settings.spaces.secretAccessKey,
    DIGITALOCEAN_TOKEN: settings.digitalOceanToken,
    DIGITALOCEAN_API_URL: `http://${servicesAddress(settings)}:${DIGITALOCEAN_API_PORT}`,
    FORGE_CLUSTER_TOKEN: settings.clusterToken,
    GITHUB_TOKEN: settings.githubToken,
    GITHUB_API_URL: `http://${servicesAddress(settings)}:${GITHUB_API_PORT}`,
    ...(hasOwnCharts(settings) && {
      FORGE_CHART_REPOSITORY: `http://${servicesAddress(settings)}:${CHARTS_PORT}`,
    }),
    FORGE_CONFIG: settings.configFile,
    ...secretValues(settings, config),
    // Beside each stack: what Terraform remembers of another sandbox, or of the real cloud, is not about this one.
    TF_DATA_DIR: `.terraform-sandbox-${settings.network}-${settings.spaces.accessKeyId.slice(-8)}`,
    // No registry knows the emulated providers, and a single stack is refused without the second.
    CDKTF_SKIP_PROVIDER_LOCK: 'true',
    CDKTF_IGNORE_MISSING_STACK_DEPENDENCIES: 'true',
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    CHECKPOINT_DISABLE: '1',
    DISABLE_VERSION_CHECK: '1',
  };
}

/** Whether Argo CD's charts come from this sandbox. Real pods are made by the vendor's charts only, so of a mirror. */
function hasOwnCharts({ real, providers, mirror }: SandboxSettings): boolean {
  return real === undefined ? providers.officialCharts !== true : isChartMirrored(mirror, 'argo-cd');
}

/** What leads Terraform to the stand-ins, or the official providers to the emulated cloud. */
function providerVariables(settings: SandboxSettings, reattach: string): Record<string, string> {
  if (settings.providers.kind === 'emulated') return { TF_REATTACH_PROVIDERS: reattach };
  return { GITHUB_BASE_URL: `http://${servicesAddress(settings)}:${GITHUB_API_PORT}/` };
}

/** A value for every variable that forge.yaml asks for: the same at each call, so nothing changes by itself. */
function secretValues(settings: SandboxSettings, config: ForgeConfig): Record<string, string> {
  const logins = config.secrets.filter(({ type }) => type !== 'Opaque').flatMap(({ data }) => Object.values(data));
  const values = secretVariables(config).map((variable) => {
    const password = createHmac('sha256', settings.secretSeed).update(variable).digest('hex').slice(0, 32);
    return [variable, logins.includes(variable) ? dockerLogin(password) : password];
  });
  for (const variable of alertVariables(config)) values.push([variable, 'https://hooks.slack.com/services/sandbox']);
  return Object.fromEntries(values) as Record<string, string>;
}

/** The API server refuses a registry secret that is not one. */
function dockerLogin(password: string): string {
  const auth = Buffer.from(`sandbox:${password}`).toString('base64');
  return JSON.stringify({ auths: { 'https://index.docker.io/v1/': { username: 'sandbox', password, auth } } });
}
