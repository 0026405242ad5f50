/** The real Dex, of the commit of the image that runs, with what `forge people` and `forge configure` write. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configure } from '#cli/configure/configure';
import { readManifests } from '#cli/manifests/folder';
import { peopleCommand } from '#cli/people/command';
import { loginGroup } from '#config/login';
import type { ForgeConfig } from '#config/schema';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { argoCdLogin } from '#stacks/cluster/argocd-login';
import { newFolder } from '#test/new-folder';
import { K8S, ofKind } from '../k8s/manifests';
import { sampleConfig } from '../stacks/sample';
import { logIn, redeem, visit, type Claims } from './browser';
import { CLIENTS, CLIENT_SECRETS, toolOf } from './clients';
import { startDex, type DexServer } from './dex-server';
import { githubAccounts, type GithubAccounts } from './github-accounts';
import { startNamedServers, type NamedServers } from './named-servers';

const PASSWORD = 'correct horse battery';
const [argocd, gitea] = [toolOf('argocd'), toolOf('gitea')];
const secrets = { ...CLIENT_SECRETS, GITHUB_CLIENT_SECRET: 'secret-of-the-app' };
const folder = newFolder('login');
let programs: Record<'dex' | 'argocd', string>;

beforeAll(async () => {
  programs = await ensureTools(['dex', 'argocd'], { progress: () => undefined });
}, 600_000);

const start = (manifests: string, environment: Record<string, string> = {}) =>
  startDex({ program: programs.dex, manifests, folder: join(folder, 'dex'), secrets, environment });

/** What Argo CD's own program says that the groups of a token may do, with the policy of its release. */
function rightsOf({ groups = [] }: Claims, config: Pick<ForgeConfig, 'domain' | 'login'>): string[] {
  const [policy, nowhere] = [join(folder, 'policy.csv'), join(folder, 'nowhere.kubeconfig')];
  writeFileSync(policy, argoCdLogin(config).rbac['policy.csv']!);
  writeFileSync(nowhere, NOWHERE);
  const env = { ...process.env, ARGOCD_BINARY_NAME: 'argocd', KUBECONFIG: nowhere };
  const may = (group: string, action: string) => {
    const question = ['admin', 'settings', 'rbac', 'can', group, action, 'applications', 'apps/gitea', '--quiet'];
    try {
      execFileSync(programs.argocd, [...question, '--policy-file', policy], { env, stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  return ['get', 'sync', 'update', 'delete', 'override'].filter((action) => groups.some((group) => may(group, action)));
}

/** It only wants one to be there. */
const NOWHERE = `apiVersion: v1
kind: Config
current-context: nowhere
contexts: [{ name: nowhere, context: { cluster: nowhere, user: nobody } }]
clusters: [{ name: nowhere, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: nobody, user: { token: none } }]
`;

describe('the login by passwords', () => {
  const checkout = join(folder, 'checkout');
  const file = join(folder, 'forge.yaml');
  const config = { ...sampleConfig, login: { people: [] } };
  const typed = (name: string, password = PASSWORD) => ({ form: { login: `${name}@example.org`, password } });
  let dex: DexServer;

  const people = async (...args: string[]) => {
    const say = () => undefined;
    const typing = { ask: undefined, askHidden: () => Promise.resolve(PASSWORD) };
    const terminal = { env: { FORGE_CONFIG: file }, write: say, notify: say, ...typing };
    await peopleCommand(terminal, checkout).parseAsync(args, { from: 'user' });
  };
  const startWithCheckout = () => start(readFileSync(join(checkout, 'k8s/01-init/dex.yaml'), 'utf8'));

  beforeAll(async () => {
    const standard = readFileSync(join(K8S, '../forge.yaml'), 'utf8');
    const person = (name: string, more = '') => `    - { name: ${name}, email: ${name}@example.org${more} }\n`;
    const known = [person('mary', ', maintainer: true'), person('olaf'), person('anna')].join('');
    const key = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
    const operators = `operators: [{ name: olaf, ageRecipient: ${key} }]`;
    writeFileSync(file, standard.replace('operators: []', `login:\n  people:\n${known}${operators}`));
    cpSync(K8S, join(checkout, 'k8s'), { recursive: true });
    for (const name of ['mary', 'olaf', 'anna']) await people('password', name);
    dex = await startWithCheckout();
  }, 30_000);
  afterAll(() => dex.stop());

  it.each(CLIENTS)('lets people into %s with the groups that give them their roles there', async (id) => {
    const groupsOf = async (name: string) => (await logIn(dex, toolOf(id), typed(name))).groups;
    const [operators, maintainers] = (['operators', 'maintainers'] as const).map((role) => loginGroup(config, role));
    expect(await groupsOf('mary')).toEqual([operators, maintainers]);
    expect(await groupsOf('olaf')).toEqual([operators]);
    expect(await groupsOf('anna')).toBeUndefined();
  });

  it('says who it is, for one tool and for four hours', async () => {
    const claims = await logIn(dex, gitea, typed('mary'));
    expect(claims).toMatchObject({
      iss: dex.issuer,
      aud: 'gitea',
      email: 'mary@example.org',
      preferred_username: 'mary',
    });
    expect(claims.exp - claims.iat).toBe(4 * 60 * 60);
  });

  it.each([
    ['a wrong password', typed('mary', 'correct horse batterz')],
    ['an empty password', typed('mary', '')],
    ['somebody whom it does not know', typed('eve')],
  ])('refuses %s, and says no more than that', async (_, person) => {
    const arrival = await visit(dex, argocd, 'nonce', person);
    expect(arrival).toMatchObject({
      status: 401,
      page: expect.stringContaining('Invalid Email Address and password.'),
    });
  });

  it('gives no token to whoever has a code and not the secret of its tool, nor twice for a code', async () => {
    const code = async () => ((await visit(dex, gitea, 'nonce', typed('mary'))) as { code: string }).code;
    expect((await redeem(dex, { ...gitea, secret: 'another' }, await code())).status).toBe(401);
    expect((await redeem(dex, argocd, await code())).page).not.toContain('id_token');
    const once = await code();
    expect((await redeem(dex, gitea, once)).status).toBe(200);
    expect((await redeem(dex, gitea, once)).status).toBe(400);
  });

  it('asks for passwords where the entrance counts tries, and answers tools where it is open to them', async () => {
    const paths = (name: string) =>
      ofKind('Ingress')
        .filter(({ id }) => id === `Ingress rt ${name}`)
        .flatMap(({ body }) => body['spec'].rules[0].http.paths.map(({ path }: { path: string }) => path) as string[]);
    const { page } = (await visit(dex, argocd, 'nonce', {})) as { page: string };
    expect(/ action="([^"]+)"/.exec(page)![1]).toMatch(new RegExp(`^${paths('dex-login')[0]}[/?]`));
    const discovery = paths('dex-open').find((path) => path.includes('openid-configuration'))!;
    const known = (await (await fetch(`${dex.url}${discovery}`)).json()) as Record<string, string>;
    const asked = ['token_endpoint', 'jwks_uri', 'userinfo_endpoint'].map((name) => new URL(known[name]!).pathname);
    expect(paths('dex-open')).toEqual(expect.arrayContaining(asked));
  });

  it('sends nobody to an address that is not that of the tool', async () => {
    const elsewhere = { ...argocd, callback: 'https://argocd.forge.example.com/auth/callback' };
    expect(await visit(dex, elsewhere, 'nonce', typed('mary'))).toMatchObject({ status: 400 });
  });

  it('knows nobody any more whom `forge people remove` has taken out, once its pod is new', async () => {
    await people('remove', 'olaf');
    await dex.stop();
    dex = await startWithCheckout();
    expect(await visit(dex, argocd, 'nonce', typed('olaf'))).toMatchObject({ status: 401 });
    expect((await logIn(dex, argocd, typed('mary'))).preferred_username).toBe('mary');
  });
});

describe('the login by GitHub', () => {
  const organization = 'Example';
  const clientId = 'Ov23liExampleExample';
  const accounts = [
    { id: 1, login: 'mary', name: 'Mary M.', email: 'mary@example.org', teams: ['maintainers', 'operators', 'others'] },
    { id: 2, login: 'olaf', name: null, email: 'olaf@example.org', teams: ['operators'] },
    { id: 3, login: 'anna', name: null, email: 'anna@example.org', teams: [] },
    { id: 4, login: 'eve', name: 'Mary M.', email: 'eve@example.com' },
  ];
  let github: GithubAccounts;
  let internet: NamedServers;
  let dex: DexServer;
  const startWith = async (login: NonNullable<ForgeConfig['login']>, own: Record<string, string> = {}) => {
    const { files } = configure({ ...sampleConfig, login }, readManifests(K8S));
    const environment = { ...internet.environment, ...own };
    return start(files.get('01-init/dex.yaml')!, environment);
  };
  const loginOf = (teams: readonly string[]) => ({ github: { organization, teams, clientId } });
  const as = (login: string) => ({ elsewhere: (page: URL) => github.authorize(login, page) });

  beforeAll(async () => {
    const app = {
      clientId,
      clientSecret: secrets.GITHUB_CLIENT_SECRET,
      callback: `https://login.${sampleConfig.domain}/callback`,
    };
    github = githubAccounts(organization, accounts, app);
    internet = await startNamedServers(folder, github.servers);
  });
  afterEach(() => dex.stop());
  afterAll(() => internet.stop());

  it('lets in the members of the organization, with their teams, and nobody else', async () => {
    const config = { ...sampleConfig, login: loginOf([]) };
    dex = await startWith(config.login);
    const [mary, olaf, anna] = await Promise.all(['mary', 'olaf', 'anna'].map((name) => logIn(dex, argocd, as(name))));
    expect(mary).toMatchObject({ preferred_username: 'mary', email: 'mary@example.org' });
    expect(mary!.groups).toEqual(['Example:maintainers', 'Example:operators', 'Example:others']);
    expect(mary!.groups).toContain(loginGroup(config, 'maintainers'));
    expect(olaf!.groups).toEqual([loginGroup(config, 'operators')]);
    expect([mary, olaf, anna].map((claims) => rightsOf(claims!, config))).toEqual([['get', 'sync'], ['get'], []]);
    expect(await visit(dex, argocd, 'nonce', as('eve'))).toMatchObject({ status: 500 });
    expect(dex.log()).toContain('not in required orgs or teams');
  });

  it('lets in only the named teams, and those that have a role', async () => {
    dex = await startWith(loginOf(['developers']));
    expect(await visit(dex, argocd, 'nonce', as('anna'))).toMatchObject({ status: 500 });
    expect((await logIn(dex, gitea, as('mary'))).groups).toEqual(['Example:maintainers', 'Example:operators']);
  });

  it('lets nobody in with another secret of the application than that at GitHub', async () => {
    dex = await startWith(loginOf([]), { GITHUB_CLIENT_SECRET: 'another' });
    expect(await visit(dex, argocd, 'nonce', as('mary'))).toMatchObject({ status: 500 });
    expect(dex.log()).toContain('incorrect_client_credentials');
  });
});
