/** The login of people at one place: who it knows, and what is to be known of it. */
import { LOGIN_HOST } from './hosts';
import type { ForgeConfig } from './schema';

/** What a person may do beyond having an account. A maintainer may do all that an operator may. */
export type Role = 'operators' | 'maintainers';

/** Of the OAuth app at GitHub: an environment variable. */
export const LOGIN_CLIENT_SECRET = 'LOGIN_CLIENT_SECRET';

/** The tools that let people log in there, with the page to which they come back. */
export const LOGIN_CLIENTS = {
  argocd: { name: 'Argo CD', callback: '/auth/callback' },
  gitea: { name: 'Gitea', callback: '/user/oauth2/forge/callback' },
  jenkins: { name: 'Jenkins', callback: '/securityRealm/finishLogin' },
} as const;
export type LoginClient = keyof typeof LOGIN_CLIENTS;

export function loginIssuer({ domain }: Pick<ForgeConfig, 'domain'>): string {
  return `https://${LOGIN_HOST}.${domain}`;
}

/** How a role reads in the claim `groups`. At GitHub it is a team of the organization. Without a login: an empty text. */
export function loginGroup({ login }: Pick<ForgeConfig, 'login'>, role: Role): string {
  if (login === undefined) return '';
  return login.github === undefined ? role : `${login.github.organization}:${role}`;
}
