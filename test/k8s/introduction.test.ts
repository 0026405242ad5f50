/** The script of gitea-introduction.yaml as it stands, with real curl, against doubles of Gitea and of the Kubernetes API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workplace, type Workplace } from './container-script';
import { GiteaDouble } from './gitea-double';
import { casc } from './casc';
import { ofKind, type Json } from './manifests';

const { ORGANIZATION, 'introduce.sh': script } = ofKind('ConfigMap').find(
  ({ id }) => id === 'ConfigMap rt gitea-introduction',
)!.body['data'] as Record<string, string>;

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
  afterEach(async () => {
    await gitea.stop();
    place.dispose();
  });

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
