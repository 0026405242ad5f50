/** Settings of Dex, the login (k8s/01-init/dex.yaml), by forge.yaml. */
import { LOGIN_CLIENTS, loginIssuer, type Role } from '#config/login';
import type { ForgeConfig } from '#config/schema';
import { yamlText } from '#config/yaml-text';

type Settings = Readonly<Record<string, unknown>>;

/** For one visit to the login: what strangers begin and never end is kept in memory for so long. */
const UNFINISHED = '10m';
/** Argo CD asks again after so long. Whoever leaves is out of it then at the latest. */
const LOGGED_IN = '4h';

/** @returns YAML. Without a login it is one that nobody can use, and runs nowhere */
export function dexConfig(config: ForgeConfig): string {
  const settings = {
    issuer: loginIssuer(config),
    // Its memory: nothing that strangers do reaches etcd, and it needs no rights in the cluster.
    storage: { type: 'memory' },
    web: { http: '0.0.0.0:5556', clientRemoteIP: { header: 'X-Real-Ip' }, headers: HEADERS },
    telemetry: { http: '0.0.0.0:5558' },
    oauth2: { grantTypes: ['authorization_code'], responseTypes: ['code'], skipApprovalScreen: true },
    expiry: { authRequests: UNFINISHED, idTokens: LOGGED_IN },
    frontend: { issuer: 'Forge' },
    logger: { format: 'json' },
    staticClients: clients(config),
    ...identities(config),
  };
  return yamlText(settings, { lineWidth: 0, singleQuote: true });
}

const HEADERS = {
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Strict-Transport-Security': 'max-age=31536000',
};

function clients({ domain }: ForgeConfig): Settings[] {
  return Object.entries(LOGIN_CLIENTS).map(([id, { name, callback }]) => ({
    id,
    name,
    redirectURIs: [`https://${id}.${domain}${callback}`],
    secretEnv: `${id.toUpperCase()}_CLIENT_SECRET`,
  }));
}

function identities(config: ForgeConfig): Settings {
  const { github, people = [] } = config.login ?? {};
  if (github === undefined) return { enablePasswordDB: true, staticPasswords: passwords(config, people) };
  const { organization, teams, clientId } = github;
  const settings = {
    clientID: clientId,
    clientSecret: '$GITHUB_CLIENT_SECRET',
    redirectURI: `${loginIssuer(config)}/callback`,
    orgs: [teams.length === 0 ? { name: organization } : { name: organization, teams: withRoles(teams) }],
    teamNameField: 'slug',
  };
  return { connectors: [{ type: 'github', id: 'github', name: 'GitHub', config: settings }] };
}

/** Dex names no other team in `groups`. */
function withRoles(teams: readonly string[]): string[] {
  const roles: readonly Role[] = ['operators', 'maintainers'];
  return [...new Set([...teams, ...roles])];
}

type Person = NonNullable<NonNullable<ForgeConfig['login']>['people']>[number];

/** Of those who have set one. */
function passwords(config: ForgeConfig, people: readonly Person[]): Settings[] {
  return people.flatMap(({ name, email, maintainer, passwordHash }) => {
    if (passwordHash === undefined) return [];
    const isOperator = maintainer || config.operators.some((operator) => operator.name === name);
    const groups = [...(isOperator ? ['operators'] : []), ...(maintainer ? ['maintainers'] : [])];
    return [{ email, username: name, preferredUsername: name, userID: name, groups, hash: passwordHash }];
  });
}
