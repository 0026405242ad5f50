import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerAt, scriptOf, workplace, type Workplace } from './container-script';
import { workloads, type Json } from './manifests';

const firstStart = scriptOf(containerAt('StatefulSet rt jenkins first-start'));
const { pod } = workloads.find(({ id }) => id === 'StatefulSet rt jenkins')!;

describe('the first start of Jenkins', () => {
  let place: Workplace;
  beforeEach(() => {
    place = workplace(['/var/jenkins_home', '/first-start', '/run/secrets/jenkins-admin', '/run/administrator']);
    writeFileSync(join(place.folder, 'first-start/config.xml'), '<hudson/>');
  });
  afterEach(() => place.dispose());

  const write = (path: string, text: string) => writeFileSync(join(place.folder, path), text, { mode: 0o644 });
  const givenOnce = () => readdirSync(join(place.folder, 'run/administrator')).sort();

  it('closes an empty home, and hands the administrator over', async () => {
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    expect(await place.run(firstStart)).toEqual({ code: 0, log: '' });
    expect(existsSync(join(place.folder, 'var/jenkins_home/config.xml'))).toBe(true);
    expect(givenOnce()).toEqual(['password', 'username']);
  });

  it('starts without the secret, and hands it over when it has come', async () => {
    expect(await place.run(firstStart)).toMatchObject({ code: 0 });
    expect(givenOnce()).toEqual([]);
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    await place.run(firstStart);
    expect(givenOnce()).toEqual(['password', 'username']);
  });

  it('never hands it over again, and leaves changed settings alone', async () => {
    for (const key of ['username', 'password']) write(`run/secrets/jenkins-admin/${key}`, key);
    write('var/jenkins_home/config.xml', '<hudson>mine</hudson>');
    write('var/jenkins_home/.first-administrator', '');
    expect(await place.run(`${firstStart}\ncat /var/jenkins_home/config.xml`)).toEqual({
      code: 0,
      log: '<hudson>mine</hudson>',
    });
    expect(givenOnce()).toEqual([]);
    rmSync(join(place.folder, 'run/secrets/jenkins-admin/password'));
    expect(await place.run(firstStart)).toMatchObject({ code: 0 });
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
