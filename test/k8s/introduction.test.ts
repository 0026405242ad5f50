/** The script of gitea-introduction.yaml as it stands, with real curl, against doubles of Gitea and of the Kubernetes API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workplace, type Workplace } from './container-script';
import { GiteaDouble } from './gitea-double';
import { casc } from './casc';
import { ofKind, type Json } from './manifests';

const {
  ORGANIZATION,
  'introduce.sh': script,
  'login.sh': loginScript,
} = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt gitea-introduction')!.body['data'] as Record<
  string,
  string
>;

describe('the introduction of Gitea and Jenkins', () => {
  let place: Workplace;
  let gitea: GiteaDouble;

  beforeEach(async () => {
    gitea = new GiteaDouble();
    await gitea.start();
    place = workplace(['/run/secrets/jenkins', '/var/run/secrets/kubernetes.io/serviceaccount']);
    write('var/run/secrets/kubernetes.io/serviceaccount/token', 'token-of-the-account');
    place.program('gitea', `exec curl --silent --fail --data "$*" http://${gitea.address}/command`);
    // To see that nobody else could see a secret.
    place.program('curl', `note "$*"; exec /usr/bin/curl "$@"`);
  });
  afterEach(() => gitea.stop());

  const write = (path: string, text: string) => writeFileSync(join(place.folder, path), text, { mode: 0o644 });
  const run = () => {
    const here = script!
      .replaceAll('localhost:3000', gitea.address)
      .replace('"https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT', `"http://${gitea.address}`)
      .replace('--cacert "$account/ca.crt"', '');
    return place.run(here, { ORGANIZATION: ORGANIZATION!, TMPDIR: place.folder });
  };
  const given = () => Buffer.from((JSON.parse(gitea.secret!) as Json)['data'].token as string, 'base64').toString();

  it('makes the organization, the user with few rights, its token in a Secret, and the hook', async () => {
    expect(await run()).toEqual({ code: 0, log: 'Jenkins has been introduced.\n' });
    const { owner, teams, hooks, members } = gitea.organizations.get(ORGANIZATION!)!;
    expect([owner, members]).toEqual(['boss', ['boss', 'jenkins']]);
    expect(teams).toEqual([
      expect.objectContaining({
        includes_all_repositories: true,
        units_map: expect.objectContaining({ 'repo.code': 'write', 'repo.packages': 'write' }) as unknown,
      }),
    ]);
    expect(hooks).toEqual([expect.objectContaining({ active: true, type: 'gitea' })]);
    expect(gitea.tokens.get(given())).toMatchObject({ user: 'jenkins' });
    expect(gitea.proof).toBe('Bearer token-of-the-account');
  });

  it('leaves no administrator behind, and shows no secret to anybody', async () => {
    const { log } = await run();
    expect([...gitea.accounts]).toEqual([
      ['boss', { admin: true }],
      ['jenkins', { admin: false }],
    ]);
    const seen = `${log}\n${place.notes().join('\n')}`;
    for (const secret of [given(), 'token-of-the-account', 'planted', 'held-by-']) {
      expect(seen).not.toContain(secret);
    }
  });

  it('changes nothing when Jenkins is known', async () => {
    await run();
    write('run/secrets/jenkins/token', given());
    const before = JSON.stringify([[...gitea.organizations], [...gitea.tokens]]);
    expect(await run()).toEqual({ code: 0, log: 'Jenkins is known.\n' });
    expect(JSON.stringify([[...gitea.organizations], [...gitea.tokens]])).toBe(before);
  });

  it('makes the Secret anew when it was lost or its token is not known, with the rest as it is', async () => {
    await run();
    const first = given();
    write('run/secrets/jenkins/token', 'of another Gitea');
    expect(await run()).toMatchObject({ code: 0 });
    const { teams, hooks } = gitea.organizations.get(ORGANIZATION!)!;
    expect([teams.length, hooks.length, given() === first]).toEqual([1, 1, false]);
  });

  it('waits for the first administrator, and says so', async () => {
    gitea.accounts.clear();
    const { code, log } = await run();
    expect([code, log]).toEqual([1, 'Waiting for the first administrator, of gitea-admin-secret.\n']);
  });

  it('ends after a run that was cut off as if it had not been', async () => {
    gitea.accounts.set('forge-introduction', { admin: true });
    expect(await run()).toMatchObject({ code: 0 });
    expect([...gitea.accounts.keys()]).toEqual(['boss', 'jenkins']);
  });

  it('tells Gitea of the instance that builds, where Gitea may send hooks to and Jenkins listens', () => {
    const [, hook] = /jenkins=http:\/\/([\w.-]+):8080/.exec(script!)!;
    const settings = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt gitea-env')!.body['data'] as Json;
    expect((settings['GITEA__security__ALLOWED_HOST_LIST'] as string).split(',')).toContain(hook);
    const [server] = casc['unclassified'].giteaServers.servers as Json[];
    expect(`${server!['aliasUrl'].replace('${DOMAIN}', 'forge.example.org')}/`).toBe(
      settings['GITEA__server__ROOT_URL'],
    );
  });
});

describe('the introduction of Gitea to Dex', () => {
  let place: Workplace;
  let gitea: GiteaDouble;

  beforeEach(async () => {
    gitea = new GiteaDouble();
    await gitea.start();
    place = workplace(['/run/secrets/login', '/var/lib/gitea/conf']);
    place.program('gitea', `note "$*"; exec curl --silent --fail --data "$*" http://${gitea.address}/command`);
    give('first-secret');
  });
  afterEach(() => gitea.stop());

  const give = (secret: string) =>
    writeFileSync(join(place.folder, 'run/secrets/login/clientSecret'), secret, { mode: 0o644 });
  const run = (administrators = 'example:maintainers', issuer = `http://${gitea.address}`) =>
    place.run(loginScript!.replaceAll('localhost:3000', gitea.address), {
      LOGIN_ISSUER: issuer,
      LOGIN_ADMINISTRATORS: administrators,
    });
  const ANEW = { code: 0, log: 'Gitea starts anew, to know of the changed login.\n' };
  const NOTHING = { code: 0, log: '' };

  it('makes the source, with the administrators by their group, once', async () => {
    expect(await run()).toEqual(NOTHING);
    expect(gitea.login!.options).toContain('--group-claim-name groups --admin-group example:maintainers');
    expect(await run()).toEqual(NOTHING);
    const commands = place.notes().map((line) => line.split(' --')[0]);
    expect(commands).toEqual(['admin auth list', 'admin auth add-oauth', 'admin auth list']);
  });

  it('changes it in place for another secret or another group, because accounts hang on its number', async () => {
    await run();
    gitea.logIn();
    give('second-secret');
    expect(await run()).toEqual(ANEW);
    expect(await run('maintainers')).toEqual(ANEW);
    gitea.logIn();
    expect([gitea.login!.id, gitea.starts]).toEqual([4, 3]);
    expect(gitea.knows).toContain('--secret second-secret');
    expect(gitea.knows).toContain('--admin-group maintainers');
  });

  it('waits for the secret, then for Dex, and says so', async () => {
    give('');
    expect(await run()).toEqual({ code: 1, log: 'Waiting for gitea-login-secret, of the next deploy.\n' });
    give('first-secret');
    gitea.dexAnswers = false;
    expect(await run()).toEqual({ code: 1, log: `Waiting for http://${gitea.address}.\n` });
    expect([gitea.login, gitea.starts]).toEqual([undefined, 1]);
  });

  it('does nothing without a login, and takes away what one has left, unless somebody has an account by it', async () => {
    expect(await run('', '')).toEqual(NOTHING);
    await run();
    gitea.login!.used = true;
    expect(await run('', '')).toEqual(NOTHING);
    expect(gitea.login!.id).toBe(4);
    gitea.login!.used = false;
    expect(await run('', '')).toEqual(NOTHING);
    expect([gitea.login, gitea.starts]).toEqual([undefined, 1]);
  });
});
