import { injectFault, type Effect } from '#sandbox/cloud/http/faults';
import { TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { READER_TOKEN } from '#test/sandbox/cloud/github/sample-github';
import { loopbackServer } from '#test/loopback-server';
import { sampleDoctor, type SampleDoctor } from './sample-doctor';

const REFUSED: Effect = { kind: 'error', status: 403, id: 'forbidden', message: 'You are not authorized' };

describe('what forge doctor says about tokens', () => {
  let sample: SampleDoctor;

  beforeEach(async () => {
    sample = await sampleDoctor();
  });
  afterEach(() => sample.end());

  const failure = (found: string, todo: string) => ({
    code: 1,
    level: 'failure',
    found: expect.stringContaining(found),
    todo: expect.stringContaining(todo),
  });

  it.each(['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN', 'GITHUB_TOKEN'])(
    'misses %s, also an empty one',
    async (name) => {
      sample.env[name] = '';
      expect(await sample.check(name)).toEqual(failure('missing', `export ${name}`));
      delete sample.env[name];
      expect(await sample.check(name)).toEqual(failure('missing', `export ${name}`));
    },
  );

  it.each(['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN', 'GITHUB_TOKEN'])(
    'wants another %s for one that is not valid',
    async (name) => {
      sample.env[name] = 'expired';
      expect(await sample.check(name)).toEqual(failure('not valid', `export it as ${name}`));
    },
  );

  it.each(['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN', 'GITHUB_TOKEN'])(
    'names %s when it is broken, without its value',
    async (name) => {
      sample.env[name] = 'planted\nplanted';
      expect(await sample.check(name)).toEqual(
        failure(`The environment variable ${name} has a line break in it`, 'Set it again'),
      );
      expect((await sample.run()).output).not.toContain('planted');
    },
  );

  describe('at DigitalOcean', () => {
    it('names all that a token for deploys may not read', async () => {
      sample.env['DIGITALOCEAN_TOKEN'] = TOKENS.cluster;
      delete sample.env['FORGE_CLUSTER_TOKEN'];
      expect(await sample.check('DIGITALOCEAN_TOKEN')).toEqual(
        failure(
          'may not read firewalls, reserved_ips, projects, spaces/keys, uptime/checks, monitoring/alerts, domains',
          'Give the token their scopes',
        ),
      );
    });

    it('needs no right to domains where somebody else manages the records', async () => {
      sample.configuration((yaml) => `${yaml}dns: { managed: false }\n`);
      sample.cloud.fault('domain:read', REFUSED);
      expect(await sample.check('DIGITALOCEAN_TOKEN')).toMatchObject({ code: 0, level: 'ok' });
    });

    it('names what the token for the cluster may not read', async () => {
      sample.env['DIGITALOCEAN_TOKEN'] = '';
      sample.cloud.fault('load_balancer:read', REFUSED);
      expect(await sample.check('FORGE_CLUSTER_TOKEN')).toEqual(
        failure('may not read load_balancers', 'Give the token their scopes'),
      );
    });

    it.each(['DIGITALOCEAN_TOKEN', 'FORGE_CLUSTER_TOKEN'])('says that %s may not make tags', async (name) => {
      sample.env[name === 'DIGITALOCEAN_TOKEN' ? 'FORGE_CLUSTER_TOKEN' : 'DIGITALOCEAN_TOKEN'] = '';
      sample.cloud.fault('tag:create', REFUSED);
      expect(await sample.check(name)).toEqual(failure('may not make tags', 'Give the token their scopes'));
    });

    it('leaves no tag behind', async () => {
      await sample.check('DIGITALOCEAN_TOKEN');
      expect(await sample.cloud.api.get('/v2/tags')).toEqual([]);
    });

    it('warns when the cluster would get the token for deploys', async () => {
      sample.env['FORGE_CLUSTER_TOKEN'] = TOKENS.deploy;
      expect(await sample.check('FORGE_CLUSTER_TOKEN')).toEqual({
        code: 0,
        level: 'warning',
        found: 'the same as DIGITALOCEAN_TOKEN',
        todo: 'Make a narrower one: it is kept inside the cluster (docs/delivery.md).',
      });
    });

    it('tells a server that is out of order from a token that is wrong', async () => {
      const effect: Effect = { ...REFUSED, status: 503, message: 'Down for maintenance' };
      sample.cloud.fault('project:read', effect, 4);
      expect(await sample.check('DIGITALOCEAN_TOKEN')).toMatchObject({
        code: 1,
        level: 'failure',
        found: expect.stringContaining('Down for maintenance'),
      });
    });

    it('tells when nobody answers', async () => {
      sample.env['DIGITALOCEAN_API_URL'] = 'http://127.0.0.1:1';
      const { code, level, found } = await sample.check('DIGITALOCEAN_TOKEN');
      expect([code, level, found]).toEqual([
        1,
        'failure',
        expect.stringContaining('cannot be reached at http://127.0.0.1:1'),
      ]);
    });
  });

  describe('at GitHub', () => {
    const permissions = 'Give the token Administration, Variables and Webhooks of the repository.';

    it('names what the token may not read', async () => {
      sample.env['GITHUB_TOKEN'] = READER_TOKEN;
      injectFault(sample.github.conditions, { operation: 'variables:read', effect: REFUSED });
      expect(await sample.check('GITHUB_TOKEN')).toEqual(failure('may not read variables', permissions));
    });

    it('says that the token cannot see the repository', async () => {
      sample.configuration((yaml) => yaml.replace('example/forge', 'example/private'));
      expect(await sample.check('GITHUB_TOKEN')).toEqual(failure('may not read example/private', permissions));
    });

    it.each([
      ['public', false, 'warning'],
      ['private', true, 'ok'],
    ])('looks at hashes of passwords in a %s repository', async (_, isPrivate, level) => {
      const hash = `$2b$12$${'a'.repeat(53)}`;
      const alice = `{ name: alice, email: alice@example.org, passwordHash: ${hash} }`;
      sample.configuration((yaml) => `${yaml}login: { people: [${alice}] }\n`);
      const { url } = await loopbackServer((_request, answer) => {
        answer.setHeader('content-type', 'application/json').end(JSON.stringify({ private: isPrivate }));
      });
      sample.env['GITHUB_API_URL'] = url;
      const { level: said, found } = await sample.check('GITHUB_TOKEN');
      expect(said).toBe(level);
      expect(found.includes('hashes of passwords')).toBe(!isPrivate);
      expect(found).not.toContain(hash);
    });
  });

  describe('of the values of secrets', () => {
    const SECRETS = `secrets:
  - { name: gitea, namespace: rt, layer: layer-03-apps, data: { password: GITEA_PASSWORD, token: GITEA_TOKEN } }
  - { name: jenkins, namespace: rt, layer: layer-03-apps, data: { password: GITEA_PASSWORD } }
`;

    beforeEach(() => sample.configuration((yaml) => yaml + SECRETS));

    it('counts those that are there, each once', async () => {
      Object.assign(sample.env, { GITEA_PASSWORD: 'planted', GITEA_TOKEN: 'planted', BACKUP_PASSWORD: 'planted' });
      expect(await sample.check('values of secrets')).toEqual({ code: 0, level: 'ok', found: '3 present' });
    });

    it('names the variables that are missing, as a warning: only one stack needs them', async () => {
      Object.assign(sample.env, { GITEA_PASSWORD: 'planted', GITEA_TOKEN: '', BACKUP_PASSWORD: 'planted' });
      expect(await sample.check('values of secrets')).toEqual({
        code: 0,
        level: 'warning',
        found: 'missing: GITEA_TOKEN',
        todo: expect.stringContaining('before cdktf deploy github-secrets'),
      });
    });

    it.each(['planted\n', ' planted'])('warns of what a paste may have added: %j', async (value) => {
      Object.assign(sample.env, { GITEA_PASSWORD: value, GITEA_TOKEN: 'a\nb\n', BACKUP_PASSWORD: 'planted' });
      expect(await sample.check('values of secrets')).toMatchObject({
        code: 0,
        level: 'warning',
        found: 'with a blank or a line break at an end: GITEA_PASSWORD',
      });
    });

    it('says of the password of the backups that it must be kept elsewhere, too', async () => {
      Object.assign(sample.env, { GITEA_PASSWORD: 'planted', GITEA_TOKEN: 'planted', BACKUP_PASSWORD: '' });
      expect(await sample.check('values of secrets')).toMatchObject({
        found: 'missing: BACKUP_PASSWORD',
        todo: expect.stringContaining('Keep BACKUP_PASSWORD somewhere else too'),
      });
    });
  });
});
