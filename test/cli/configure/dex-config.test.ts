import { parse } from 'yaml';
import { z } from 'zod';
import { dexConfig } from '#cli/configure/dex-config';
import { loginGroup } from '#config/login';
import { sampleConfig } from '../../stacks/sample';

const HASH = '$2b$12$9lnwONUHZDv7G0ZDjYaqQOkzhCybXlVS9JvWhkHW9gOZPZfWJdrWe';
const alice = { name: 'alice', email: 'alice@example.org', maintainer: true, passwordHash: HASH };
const bob = { ...alice, name: 'bob', email: 'bob@example.org', maintainer: false };
const dave = { ...bob, name: 'dave', email: 'dave@example.org' };
const carol = { name: 'carol', email: 'carol@example.org', maintainer: false };

type Login = (typeof sampleConfig)['login'];

const rendered = (login: Login, operators: readonly string[] = []) =>
  parse(
    dexConfig({ ...sampleConfig, login, operators: operators.map((name) => ({ name, ageRecipient: '' })) }),
  ) as Record<string, any>;
const atGithub = (teams: readonly string[] = []): Login => ({
  github: { organization: 'Example', teams, clientId: 'Iv1.0123456789abcdef' },
});

/**
 * What Dex v2.45.1 takes, by cmd/dex/config.go, cmd/dex/serve.go, storage/storage.go, connector/github and server/web.go. Dex itself
 * leaves unknown keys out without a word: here they are refused. It runs with these settings in test/login/dex.test.ts.
 */
const https = z.url({ protocol: /^https$/ });
const DURATION = z.string().regex(/^\d+[hms]$/);
const ADDRESS = z.string().regex(/^0\.0\.0\.0:\d+$/);
const CLIENT = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  redirectURIs: z.array(https).length(1),
  secretEnv: z.string().regex(/^[A-Z_]+$/),
});
const PASSWORD = z.strictObject({
  email: z.email(),
  username: z.string(),
  preferredUsername: z.string(),
  userID: z.string().min(1),
  groups: z.array(z.string()),
  hash: z.string().regex(/^\$2[aby]\$1[0-6]\$[./A-Za-z0-9]{53}$/),
});
const GITHUB = z.strictObject({
  type: z.literal('github'),
  id: z.string().min(1),
  name: z.string().min(1),
  config: z.strictObject({
    clientID: z.string(),
    clientSecret: z.string().regex(/^\$[A-Z_]+$/),
    redirectURI: https,
    orgs: z.array(z.strictObject({ name: z.string(), teams: z.array(z.string()).min(1).optional() })).length(1),
    teamNameField: z.enum(['name', 'slug', 'both']),
  }),
});
const DEX = z.strictObject({
  issuer: https,
  storage: z.strictObject({ type: z.enum(['memory', 'kubernetes', 'sqlite3', 'postgres', 'mysql', 'etcd']) }),
  web: z.strictObject({
    http: ADDRESS,
    clientRemoteIP: z.strictObject({ header: z.string() }),
    headers: z.partialRecord(
      z.enum([
        'Content-Security-Policy',
        'X-Frame-Options',
        'X-Content-Type-Options',
        'X-XSS-Protection',
        'Strict-Transport-Security',
      ]),
      z.string().min(1),
    ),
  }),
  telemetry: z.strictObject({ http: ADDRESS }),
  oauth2: z.strictObject({
    grantTypes: z.array(
      z.enum([
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
        'urn:ietf:params:oauth:grant-type:token-exchange',
      ]),
    ),
    responseTypes: z.array(z.enum(['code', 'id_token', 'token'])),
    skipApprovalScreen: z.boolean(),
  }),
  expiry: z.strictObject({ authRequests: DURATION, idTokens: DURATION }),
  frontend: z.strictObject({ issuer: z.string() }),
  logger: z.strictObject({ format: z.enum(['json', 'text']) }),
  staticClients: z.array(CLIENT),
  connectors: z.array(GITHUB).optional(),
  enablePasswordDB: z.boolean().optional(),
  staticPasswords: z.array(PASSWORD).optional(),
});

describe('the settings of Dex', () => {
  it.each([
    ['at GitHub', atGithub()],
    ['at GitHub, for some teams', atGithub(['developers'])],
    ['by passwords', { people: [alice, bob] }],
    ['of nobody yet', { people: [] }],
    ['that does not exist', undefined],
  ])('have nothing that Dex would not read, with a login %s', (_, login) => {
    const settings = rendered(login);
    expect(DEX.safeParse(settings).error?.issues).toBeUndefined();
    // Without one Dex does not start.
    expect(settings['enablePasswordDB'] === true || settings['connectors'].length > 0).toBe(true);
  });

  it('let each tool, and no other address, have people back', () => {
    const clients = rendered(atGithub())['staticClients'] as { id: string; redirectURIs: string[] }[];
    expect(clients.map(({ id, redirectURIs }) => [id, ...redirectURIs])).toEqual([
      ['argocd', 'https://argocd.forge.example.org/auth/callback'],
      ['gitea', 'https://gitea.forge.example.org/user/oauth2/forge/callback'],
      ['jenkins', 'https://jenkins.forge.example.org/securityRealm/finishLogin'],
    ]);
  });

  it('let nobody in at GitHub but the organization, or its teams with those that have a role', () => {
    const orgsWith = (teams: readonly string[]) => rendered(atGithub(teams))['connectors'][0].config.orgs;
    expect(orgsWith([])).toEqual([{ name: 'Example' }]);
    expect(orgsWith(['developers', 'operators'])).toEqual([
      { name: 'Example', teams: ['developers', 'operators', 'maintainers'] },
    ]);
    expect(rendered(atGithub())).not.toHaveProperty('enablePasswordDB');
  });

  it('know whoever has set a password, by the roles of forge.yaml', () => {
    const people = rendered({ people: [alice, bob, carol, dave] }, ['bob'])['staticPasswords'];
    expect(people.map(({ userID, groups }: any) => [userID, groups])).toEqual([
      ['alice', ['operators', 'maintainers']],
      ['bob', ['operators']],
      ['dave', []],
    ]);
  });

  it('name roles as Argo CD reads them', () => {
    const login = { people: [alice] };
    for (const role of ['operators', 'maintainers'] as const)
      expect(rendered(login)['staticPasswords'][0].groups).toContain(loginGroup({ login }, role));
    // Dex puts the organization and a colon before the short name of a team.
    expect(loginGroup({ login: atGithub() }, 'maintainers')).toBe('Example:maintainers');
  });
});
