import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerAt, scriptOf, workplace, type Workplace } from './container-script';
import { ofKind, workloads, type Json } from './manifests';

const firstStart = scriptOf(containerAt('StatefulSet rt jenkins first-start'));
const [, , script] = containerAt('StatefulSet rt jenkins plugins')['command'] as string[];
/** It is a script of bash. */
const plugins = `bash --norc -ec '${script!.replaceAll("'", `'\\''`)}'`;
const text = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt jenkins-plugins')!.body['data'] as Json;
const list = (text['plugins.txt'] as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const PLUGIN_CLI = `
note "$*"
[ -z "$OFFLINE" ] || exit 1
mkdir -p "$6"
[ -n "$PARTLY" ] || echo jar > "$6/configuration-as-code.jpi"`;

const { pod } = workloads.find(({ id }) => id === 'StatefulSet rt jenkins')!;

describe('the first start of Jenkins', () => {
  let place: Workplace;
  beforeEach(() => {
    place = workplace([
      '/var/jenkins_home',
      ...['jenkins-admin', 'login'].map((name) => `/run/secrets/${name}`),
      '/run/administrator',
    ]);
  });

  const write = (path: string, text: string) => writeFileSync(join(place.folder, path), text, { mode: 0o644 });
  const givenOnce = () => readdirSync(join(place.folder, 'run/administrator')).sort();

  it('hands the administrator over with every start where people come by Dex, or a password that nobody has', async () => {
    const login = { PEOPLE: 'login' };
    write('var/jenkins_home/.first-administrator', '');
    // The secret comes while it waits.
    const secret = join(place.folder, 'run/secrets/login/clientSecret');
    place.program('sleep', `echo secret > ${secret}`);
    const log = 'Waiting for jenkins-login-secret, of the next deploy.\n';
    expect(await place.run(firstStart, login)).toEqual({ code: 0, log });
    const read = () => readFileSync(join(place.folder, 'run/administrator/password'), 'utf8');
    const [first] = [read(), rmSync(join(place.folder, 'run/administrator/password'))];
    await place.run(firstStart, login);
    expect([givenOnce(), first.length > 40, read() === first]).toEqual([['password'], true, false]);
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    await place.run(firstStart, login);
    expect([givenOnce(), read()]).toEqual([['password', 'username'], 'password']);
  });

  it('hands the administrator over to an empty home', async () => {
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    expect(await place.run(firstStart)).toEqual({ code: 0, log: '' });
    expect(givenOnce()).toEqual(['password', 'username']);
  });

  it('starts without the secret, and hands it over when it has come', async () => {
    expect(await place.run(firstStart)).toMatchObject({ code: 0 });
    expect(givenOnce()).toEqual([]);
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    await place.run(firstStart);
    expect(givenOnce()).toEqual(['password', 'username']);
  });

  it('never hands it over again', async () => {
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    write('var/jenkins_home/.first-administrator', '');
    expect(await place.run(firstStart)).toEqual({ code: 0, log: '' });
    expect(givenOnce()).toEqual([]);
    rmSync(join(place.folder, 'run/secrets/jenkins-admin/password'));
    expect(await place.run(firstStart)).toMatchObject({ code: 0 });
  });
});

describe('the plugins of Jenkins', () => {
  let place: Workplace;
  beforeEach(() => {
    place = workplace(['/var/jenkins_home', '/wanted']);
    writeFileSync(join(place.folder, 'wanted/plugins.txt'), 'git:1\n');
    place.program('jenkins-plugin-cli', PLUGIN_CLI);
  });

  const run = (env: Record<string, string> = {}) => place.run(plugins, { JENKINS_VERSION: '2.580.1', ...env });
  const installed = () => {
    const folder = join(place.folder, 'var/jenkins_home/plugins');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };
  const fetches = () => place.notes().filter((line) => line.startsWith('--plugin-file'));

  it('are fetched once, and a start after that needs no Internet', async () => {
    expect(await run()).toMatchObject({ code: 0 });
    expect(installed()).toEqual(['configuration-as-code.jpi', 'list']);
    expect(await run({ OFFLINE: 'yes' })).toEqual({ code: 0, log: '' });
    expect(fetches()).toHaveLength(1);
    expect(fetches()[0]).toContain('--latest false');
  });

  it.each([
    ['the list', 'git:2\n', '2.580.1'],
    ['Jenkins', 'git:1\n', '2.580.2'],
  ])('are made anew with another version of %s, and nothing of before stays', async (_, wanted, version) => {
    await run();
    writeFileSync(join(place.folder, 'var/jenkins_home/plugins/clicked.jpi'), '');
    writeFileSync(join(place.folder, 'wanted/plugins.txt'), wanted);
    expect(await run({ JENKINS_VERSION: version })).toMatchObject({ code: 0 });
    expect([installed(), fetches().length]).toEqual([['configuration-as-code.jpi', 'list'], 2]);
  });

  it('are those of before while new ones cannot be fetched, until they can', async () => {
    await run();
    writeFileSync(join(place.folder, 'wanted/plugins.txt'), 'git:2\n');
    const { code, log } = await run({ OFFLINE: 'yes' });
    expect([code, log]).toEqual([0, expect.stringContaining('starting with those of before')]);
    expect(installed()).toEqual(['configuration-as-code.jpi', 'list']);
    const before = fetches().length;
    expect(await run()).toMatchObject({ code: 0 });
    expect(fetches()).toHaveLength(before + 1);
  });

  it('are waited for in an empty home: without them Jenkins would be open', async () => {
    expect(await run({ OFFLINE: 'yes' })).toMatchObject({ code: 1 });
    expect(await run({ PARTLY: 'yes' })).toMatchObject({ code: 1 });
    expect(installed()).toEqual([]);
  });

  it('have one exact version each', () => {
    const names = list.map((line) => line.split(':')[0]);
    expect(names).toEqual([...new Set(names)]);
    for (const line of list) expect(line).toMatch(/^[a-z0-9-]+:\d[\w.-]*$/);
  });
});

describe("the administrator's password", () => {
  it('is seen by the first step alone, and handed over in memory', () => {
    const mounts = (name: string) =>
      [...pod['initContainers'], ...pod['containers']]
        .filter((container: Json) => container['volumeMounts'].some((mount: Json) => mount['name'] === name))
        .map((container: Json) => container['name'] as string);
    expect(mounts('administrator-secret')).toEqual(['first-start']);
    expect(mounts('administrator-once')).toEqual(['first-start', 'jenkins']);
    const once = (pod['volumes'] as Json[]).find(({ name }) => name === 'administrator-once')!;
    expect(once['emptyDir'].medium).toBe('Memory');
  });
});
