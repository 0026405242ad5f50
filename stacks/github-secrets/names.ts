/** How an environment's things at GitHub are named: environments may share a repository. */
import { EVERY_HOST, type Host } from '#config/hosts';
import type { ForgeConfig } from '#config/schema';

export interface GithubNames {
  /** Name of an Actions variable, such as FORGE_PRODUCTION_DOMAIN. */
  readonly actions: (thing: string) => string;
  readonly webhookUrl: string;
  readonly deployKeyTitle: string;
}

type Named = Pick<ForgeConfig, 'name' | 'environment' | 'domain'>;

export function githubNames({ name, environment, domain }: Named): GithubNames {
  const actions = (thing: string) => `FORGE_${environment.toUpperCase().replaceAll('-', '_')}_${thing}`;
  return {
    actions,
    webhookUrl: `https://argocd.${domain}/api/webhook`,
    deployKeyTitle: `Argo CD of ${name} ${environment}`,
  };
}

/** Things that the Actions variables name: addresses. */
export const ADDRESSES = { domain: 'DOMAIN', api: 'API_URL', entrance: 'ENTRANCE_ADDRESS' } as const;

/** The thing that a variable with the URL of a tool names. */
export function urlOf(host: Host): string {
  return `${host.toUpperCase()}_URL`;
}

/** All that the variables name. */
export const VARIABLES: readonly string[] = [...Object.values(ADDRESSES), ...EVERY_HOST.map(urlOf)];
