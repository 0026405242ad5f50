/** Who gets into Argo CD, and what people may do there. */
import { loginGroup, loginIssuer } from '#config/login';
import type { ForgeConfig } from '#config/schema';
import { yamlText } from '#config/yaml-text';

/** Under which Argo CD keeps its secret at the login. Without dots, which Helm would read as the way into a map. */
export const CLIENT_SECRET_KEY = 'loginClientSecret';

/** Logs of the tools alone: what add-ons write is for the administrator. */
const POLICY = `p, role:operator, applications, get, */*, allow
p, role:operator, projects, get, *, allow
p, role:operator, logs, get, apps/*, allow
p, role:operator, logs, get, database/*, allow
p, role:maintainer, applications, sync, */*, allow
g, role:maintainer, role:operator
`;

interface Settings {
  readonly cm: Readonly<Record<string, string>>;
  readonly rbac: Readonly<Record<string, string>>;
}

/**
 * With a login there is no account `admin`. Without one it is the only account, and its page can be reached by whoever holds the
 * administrator's kubeconfig (k8s/01-init/argocd-ingress.yaml).
 */
export function argoCdLogin(config: Pick<ForgeConfig, 'domain' | 'login'>): Settings {
  const nobody = { 'policy.default': '' };
  const closed = { 'users.anonymous.enabled': 'false', 'admin.enabled': String(config.login === undefined) };
  if (config.login === undefined) return { cm: closed, rbac: nobody };
  const oidc = yamlText({
    name: 'Forge',
    issuer: loginIssuer(config),
    clientID: 'argocd',
    clientSecret: `$${CLIENT_SECRET_KEY}`,
    requestedScopes: ['openid', 'profile', 'email', 'groups'],
  });
  const groups = [
    `g, ${loginGroup(config, 'operators')}, role:operator\n`,
    `g, ${loginGroup(config, 'maintainers')}, role:maintainer\n`,
  ];
  return {
    cm: { ...closed, 'oidc.config': oidc },
    rbac: { ...nobody, scopes: '[groups]', 'policy.csv': POLICY + groups.join('') },
  };
}
