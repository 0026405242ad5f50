import type { ForgeConfig } from './schema';

/** Host names of the tools and of the front page, under the domain. */
export const HOSTS = ['forge', 'gitea', 'jenkins', 'argocd'] as const;
/** Where people log in, if that is at one place. */
export const LOGIN_HOST = 'login';
/** All that there can be. */
export const EVERY_HOST = [...HOSTS, LOGIN_HOST] as const;

export type Host = (typeof EVERY_HOST)[number];

/** Those that there are. */
export function hostsOf({ login }: Pick<ForgeConfig, 'login'>): readonly Host[] {
  return login === undefined ? HOSTS : EVERY_HOST;
}

/** Those with a page for people: without a login Argo CD has none. */
export function pagesOf({ login }: Pick<ForgeConfig, 'login'>): readonly Host[] {
  return hostsOf({ login }).filter((host) => host !== 'argocd' || login !== undefined);
}
