import { parse } from 'yaml';
import { loginGroup } from '#config/login';
import { leaves, sampleConfig, sampleEnvironment, synthesise } from './sample';

const github = { organization: 'Example', teams: [], clientId: 'Iv1.0123456789abcdef' };
const alice = { name: 'alice', email: 'alice@example.org', maintainer: true };
const logins = { github: { github }, people: { people: [alice] } };

function stacksWith(login: (typeof sampleConfig)['login'], environment = sampleEnvironment()) {
  const { network, cluster, 'github-secrets': secrets } = synthesise({ ...sampleConfig, login }, environment).stacks;
  const release = cluster['resource'].helm_release.argocd_release;
  return { network, cluster, secrets, release, configs: parse(release.values[0]).configs };
}

const policyOf = (configs: any): string => configs.rbac['policy.csv'];

describe('without a login', () => {
  const { network, cluster, secrets, release, configs } = stacksWith(undefined);

  it('nothing of it is made: no name, no secret, no setting', () => {
    const texts = [network, cluster, secrets].flatMap((stack) => leaves(stack).map(({ path }) => path.join('.')));
    expect(texts.filter((path) => /login|dex-secret/.test(path))).toEqual([]);
    expect(configs.cm).not.toHaveProperty(['oidc.config']);
    expect(JSON.stringify(release.set_sensitive)).not.toContain('login');
  });

  it("Argo CD has its own account, which no address leads to, and no other one's rights", () => {
    expect(configs.cm['admin.enabled']).toBe('true');
    expect(configs.rbac).toEqual({ 'policy.default': '' });
  });
});

describe.each(Object.entries(logins))('with a login by %s', (_, login) => {
  const { network, cluster, secrets, release, configs } = stacksWith(login);
  const dataOf = (name: string) => secrets['resource'].kubernetes_secret_v1[`secret_rt_${name}`].data_wo;

  it('Argo CD has no account of its own, and asks the login with a secret that stands nowhere in clear', () => {
    expect(configs.cm['admin.enabled']).toBe('false');
    expect(parse(configs.cm['oidc.config'])).toEqual({
      name: 'Forge',
      issuer: 'https://login.forge.example.org',
      clientID: 'argocd',
      clientSecret: '$loginClientSecret',
      requestedScopes: ['openid', 'profile', 'email', 'groups'],
    });
    expect(release.set_sensitive).toContainEqual({
      name: 'configs.secret.extra.loginClientSecret',
      value: '${random_password.login_argocd.result}',
    });
  });

  it('Argo CD lets operators read, maintainers sync, and everybody else do nothing', () => {
    const config = { login };
    expect(configs.rbac).toMatchObject({ 'policy.default': '', scopes: '[groups]' });
    const lines = policyOf(configs).trim().split('\n');
    expect(lines).toContain(`g, ${loginGroup(config, 'operators')}, role:operator`);
    expect(lines).toContain(`g, ${loginGroup(config, 'maintainers')}, role:maintainer`);
    const rules = lines.filter((line) => line.startsWith('p,')).map((line) => line.split(', ').slice(1, 4).join(' '));
    expect(rules).toEqual([
      'role:operator applications get',
      'role:operator projects get',
      'role:operator logs get',
      'role:operator logs get',
      'role:maintainer applications sync',
    ]);
  });

  it('each client has its secret, in one place for the login and in one for itself', () => {
    const of = (client: string) => `\${sensitive(data.terraform_remote_state.cluster.outputs.login_${client})}`;
    expect(dataOf('dex-secret')).toMatchObject({
      ARGOCD_CLIENT_SECRET: of('argocd'),
      GITEA_CLIENT_SECRET: of('gitea'),
      JENKINS_CLIENT_SECRET: of('jenkins'),
    });
    expect(dataOf('gitea-login-secret')).toEqual({ clientSecret: of('gitea') });
    expect(dataOf('jenkins-login-secret')).toEqual({ clientSecret: of('jenkins') });
    for (const name of ['argocd', 'gitea', 'jenkins']) expect(cluster['output'][`login_${name}`].sensitive).toBe(true);
  });

  it('the secrets of the clients are sent, and sent again when they are others', () => {
    for (const name of ['dex-secret', 'gitea-login-secret']) {
      const secret = secrets['resource'].kubernetes_secret_v1[`secret_rt_${name}`];
      if (name !== 'dex-secret' || 'people' in login) expect(secret.lifecycle).toBeUndefined();
      if (secret.lifecycle === undefined) expect(secret.data_wo_revision).toContain('outputs.login_');
    }
    const trigger = { replace_triggered_by: ['terraform_data.login_generation'] };
    expect(cluster['resource'].random_password.login_gitea.lifecycle).toEqual(trigger);
  });

  it('has a name of its own, and its address is known', () => {
    expect(Object.keys(network['resource'].digitalocean_record)).toContain('entrance_login');
    expect(JSON.stringify(secrets['resource'].github_actions_variable)).toContain('https://login.forge.example.org');
  });
});

describe('the secret of the application at GitHub', () => {
  const secretOf = (login: (typeof sampleConfig)['login'], environment?: ReturnType<typeof sampleEnvironment>) =>
    stacksWith(login, environment).secrets['resource'].kubernetes_secret_v1['secret_rt_dex-secret'];

  it('comes from the environment, and only where people log in there', () => {
    expect(secretOf(logins.github).data_wo.GITHUB_CLIENT_SECRET).toBe('${var.LOGIN_CLIENT_SECRET}');
    expect(secretOf(logins.people).data_wo).not.toHaveProperty('GITHUB_CLIENT_SECRET');
    const [{ error_message: message }] = stacksWith(logins.github).secrets['variable'].LOGIN_CLIENT_SECRET.validation;
    expect(message).toContain('rt/dex-secret');
  });

  it('is sent again when it is another one', () => {
    const [one, two] = ['one', 'two'].map(
      (value) => secretOf(logins.github, sampleEnvironment({ LOGIN_CLIENT_SECRET: value })).data_wo_revision as string,
    );
    expect(one).not.toBe(two);
  });
});
