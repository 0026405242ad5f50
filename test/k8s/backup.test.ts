/** The scripts of k8s/03-apps/backup.yaml as they stand, with real restic, Git and PostgreSQL, against the emulated Spaces. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BUCKET, KEYS } from '../sandbox/cloud/spaces/sample-spaces';
import { backupStore, resticProgram, type BackupStore } from './backup-store';
import { containerAt, UNPRIVILEGED, workplace, type Outcome, type Workplace } from './container-script';
import { ofKind, type Json } from './manifests';
import { POSTGRES_PROGRAMS, postgresServer, type PostgresServer } from './postgres-server';

jest.setTimeout(180_000);

const scripts = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt backup-scripts')!.body['data'] as Json;
/** Of the containers. `/tmp` first: the workplace itself is below it. */
const FOLDERS = [
  '/tmp',
  '/opt/forge',
  '/var/lib/gitea',
  '/var/jenkins_home',
  '/run/secrets/backup',
  '/run/pod',
  '/dump',
];

/** As a running pod of Gitea 1.27.3 has them: its image keeps the application's own data beside `data`. */
const MADE_AGAIN = ['indexers', 'queues', 'repo-archive', 'data/sessions'];

const variable = (container: Json, name: string): string =>
  (container['env'] as Json[]).find((entry) => entry['name'] === name)!['value'] as string;

class Pod {
  readonly place: Workplace;

  /** @param data folder of the instance's data */
  constructor(
    readonly app: string,
    readonly data: string,
    store: BackupStore,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    // Its own rewriting of paths would find those that are rewritten already.
    this.place = workplace();
    for (const folder of FOLDERS) this.write(`${folder}/.keep`, '');
    for (const folder of FOLDERS) rmSync(this.path(`${folder}/.keep`));
    // Who waits would wait for ever.
    this.place.program('sleep', 'kill "$PPID"');
    // A copy: where the tests run as root, the scripts do not, and its folder is root's.
    copyFileSync(resticProgram(), join(this.place.folder, 'bin/restic'));
    // A store that does not answer is found out sooner.
    this.place.program('timeout', 'shift; exec /usr/bin/timeout 10 "$@"');
    for (const [name, script] of Object.entries(scripts)) this.write(`/opt/forge/${name}`, this.here(script as string));
    this.secret({
      STORE: `s3:${store.url}/${BUCKET}/forge-production`,
      ACCESS_KEY_ID: 'DO00WRITER',
      SECRET_ACCESS_KEY: KEYS['DO00WRITER']!.secretKey,
      RESTIC_PASSWORD: 'a password of the backups',
      KEEP_DAYS: '30',
    });
    this.write('/run/pod/authority.pem', store.authority);
    const path = `${join(this.place.folder, 'bin')}:${env['PATH'] ?? process.env['PATH']}`;
    this.env = { ...env, PATH: path, RESTIC_CACERT: this.path('/run/pod/authority.pem'), HOME: this.place.folder };
  }

  here(text: string): string {
    return FOLDERS.reduce((all, path) => all.replaceAll(path, join(this.place.folder, path)), text);
  }

  path(path: string): string {
    return join(this.place.folder, path);
  }

  write(path: string, text: string): void {
    const file = this.path(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    own(file);
    for (let folder = dirname(file); folder !== this.place.folder; folder = dirname(folder)) own(folder);
  }

  secret(values: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(values)) this.write(`/run/secrets/backup/${key}`, value);
  }

  /** Of the annotation forge/restore. */
  request(text: string): void {
    this.write('/run/pod/restore', text);
  }

  run(name: string): Promise<Outcome> {
    const env = { ...this.env, APP: this.app, DATA: this.path(this.data) };
    return this.place.run(`sh '${this.path(`/opt/forge/${name}`)}'`, env);
  }

  shell(script: string): Promise<Outcome> {
    return this.place.run(script, this.env);
  }

  /** A new volume. */
  loseVolume(): void {
    for (const name of readdirSync(this.path(this.data))) {
      rmSync(join(this.path(this.data), name), { recursive: true, force: true });
    }
    mkdirSync(this.path(`${this.data}/lost+found`));
    own(this.path(`${this.data}/lost+found`));
  }
}

function own(file: string): void {
  if (UNPRIVILEGED.uid !== undefined) chownSync(file, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  else chmodSync(file, 0o777);
}

let store: BackupStore;
beforeAll(async () => {
  store = await backupStore();
});
afterAll(() => store.stop());

describe('a Jenkins home', () => {
  let pod: Pod;
  beforeAll(() => {
    pod = new Pod('jenkins-0', variable(containerAt('StatefulSet rt jenkins backup'), 'DATA'), store);
  });

  const job = '/var/jenkins_home/jobs/app/config.xml';
  const has = (path: string) => existsSync(pod.path(path));

  it('starts with nothing when there never was a backup', async () => {
    expect(await pod.run('restore.sh')).toEqual({ code: 0, log: expect.stringContaining('there is no backup yet') });
  });

  it('is saved without what can be made again', async () => {
    pod.write(job, '<project>first</project>');
    pod.write('/var/jenkins_home/workspace/app/large', 'x');
    const { code, log } = await pod.run('backup.sh');
    expect([code, log.trim().split('\n').at(-1)]).toEqual([0, 'jenkins-0: saved']);
  });

  it('is left alone while it holds anything', async () => {
    const { code, log } = await pod.run('restore.sh');
    expect([code, log]).toEqual([0, '']);
  });

  it('is filled from the newest backup when its volume is new', async () => {
    pod.loseVolume();
    const { code, log } = await pod.run('restore.sh');
    expect([code, log]).toEqual([0, expect.stringContaining('restored')]);
    expect([has(job), has('/var/jenkins_home/workspace/app/large')]).toEqual([true, false]);
  });

  it('is restored to its end when the first try was cut off', async () => {
    pod.loseVolume();
    pod.write('/var/jenkins_home/.forge-restoring', 'latest');
    pod.write('/var/jenkins_home/half', 'written before the power went');
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect([has(job), has('/var/jenkins_home/half'), has('/var/jenkins_home/.forge-restoring')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['the store does not answer', { STORE: 's3:https://127.0.0.1:9/forge-state/x' }, 'connection refused'],
    ['its key is refused', { SECRET_ACCESS_KEY: 'wrong' }, 'Denied'],
    ['the password is another one', { RESTIC_PASSWORD: 'wrong' }, 'made with another BACKUP_PASSWORD'],
  ])('waits, and says why, when %s: it never starts with nothing then', async (_, change, reason) => {
    const lost = new Pod('jenkins-0', pod.data, store);
    lost.secret(change);
    const { log } = await lost.run('restore.sh');
    expect(log).toMatch(new RegExp(`waiting: it cannot be known .*${reason}`));
    expect(existsSync(lost.path('/var/jenkins_home/.forge-restored'))).toBe(false);
  });

  it('goes on by itself when the key was wrong and is put right', async () => {
    const lost = new Pod('jenkins-0', pod.data, store);
    lost.secret({ SECRET_ACCESS_KEY: 'wrong' });
    const file = lost.path('/run/secrets/backup/SECRET_ACCESS_KEY');
    lost.place.program('sleep', `printf %s '${KEYS['DO00WRITER']!.secretKey}' >'${file}'`);
    expect((await lost.run('restore.sh')).log).toMatch(/waiting: [^]*Denied[^]*: restoring/);
  });

  it('waits when the store answers, but its backups cannot be listed', async () => {
    const lost = new Pod('jenkins-0', pod.data, store);
    lost.place.program(
      'restic',
      `[ "$1" != snapshots ] || exit 1\nexec '${join(pod.place.folder, 'bin/restic')}' "$@"`,
    );
    const { log } = await lost.run('restore.sh');
    expect(log).toMatch(/waiting: it cannot be known .*cannot be listed/);
    expect(existsSync(lost.path('/var/jenkins_home/.forge-restored'))).toBe(false);
  });

  it('goes back to an earlier backup on request, once, and keeps what it replaces', async () => {
    const before = (await pod.run('backup.sh')).log
      .match(/^(\S+) [0-9a-f]{8}$/gm)!
      .at(-1)!
      .split(' ')[0]!;
    pod.write(job, '<project>second</project>');
    pod.write('/var/jenkins_home/added', 'later');
    await pod.run('backup.sh');
    pod.request(before);
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect((await pod.shell(`cat ${pod.path(job)}`)).log).toBe('<project>first</project>');
    expect(has('/var/jenkins_home/added')).toBe(false);

    pod.write('/var/jenkins_home/added', 'since the restore');
    expect(await pod.run('restore.sh')).toEqual({ code: 0, log: '' });
    pod.request('latest into aside');
    await pod.run('restore.sh');
    const aside = await pod.shell(
      `cat ${pod.path('/var/jenkins_home/.forge-beside/aside')}$(dirname ${pod.path(job)})/config.xml`,
    );
    // The copy that was made before the restore is the newest.
    expect(aside.log).toBe('<project>second</project>');
    expect(has('/var/jenkins_home/added')).toBe(true);
  });

  it('refuses a time before the first backup, and shows those that there are', async () => {
    pod.request('2020-01-01T00:00');
    const { code, log } = await pod.run('restore.sh');
    expect([code, log]).toEqual([
      1,
      expect.stringMatching(/no backup as old as 2020[\s\S]*\d{4}-\d\d-\d\dT\S+ [0-9a-f]{8}/),
    ]);
  });

  it('is copied to the second region, which keeps no more than the first and can stand in for it', async () => {
    const second = `s3:${store.url}/${BUCKET}/second-region`;
    const snapshots = async (repository: string) => {
      const { log } = await pod.shell(
        `RESTIC_REPOSITORY='${repository}/jenkins-0' RESTIC_PASSWORD='a password of the backups' AWS_ACCESS_KEY_ID=DO00WRITER ` +
          `AWS_SECRET_ACCESS_KEY='${KEYS['DO00WRITER']!.secretKey}' restic snapshots --json`,
      );
      return (JSON.parse(log) as { time: string }[]).map(({ time }) => time);
    };
    pod.secret({ SECOND_STORE: second });
    for (let night = 0; night < 2; night++) expect((await pod.run('backup.sh')).code).toBe(0);
    const [first, copies] = await Promise.all([
      snapshots(`s3:${store.url}/${BUCKET}/forge-production`),
      snapshots(second),
    ]);
    expect(copies).toEqual(first);

    pod.write(job, '<project>as in both regions</project>');
    expect((await pod.run('backup.sh')).code).toBe(0);
    pod.secret({ STORE: second, SECOND_STORE: '' });
    pod.loseVolume();
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0, log: expect.stringContaining('restored') });
    expect(readFileSync(pod.path(job), 'utf8')).toBe('<project>as in both regions</project>');
    pod.secret({ STORE: `s3:${store.url}/${BUCKET}/forge-production` });
  });

  it('is opened by a new password once restic knows it, with the backups of before, and by the old one no more', async () => {
    pod.write('/tmp/new-password', 'another password');
    const common = `APP=jenkins-0; . '${pod.path('/opt/forge/common.sh')}'`;
    const change = await pod.shell(
      `${common}; restic key passwd --new-password-file '${pod.path('/tmp/new-password')}'`,
    );
    expect([change.code, change.log]).toEqual([0, expect.stringContaining('saved new key')]);
    expect((await pod.run('backup.sh')).log).toContain('made with another BACKUP_PASSWORD');
    pod.secret({ RESTIC_PASSWORD: 'another password' });
    pod.loseVolume();
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0, log: expect.stringContaining('restored') });
    expect((await pod.run('backup.sh')).log).toContain('saved');
  });

  it('says that nothing was saved when the store cannot be used', async () => {
    pod.secret({ SECRET_ACCESS_KEY: 'wrong' });
    const { code, log } = await pod.run('backup.sh');
    expect([code, log]).toEqual([1, expect.stringContaining('cannot save')]);
  });
});

(POSTGRES_PROGRAMS ? describe : describe.skip)('Gitea', () => {
  const container = containerAt('Deployment rt gitea backup');
  let database: PostgresServer;
  let pod: Pod;

  beforeAll(async () => {
    database = await postgresServer(workplace(), {
      POSTGRES_USER: 'gitea',
      POSTGRES_DB: 'gitea',
      POSTGRES_PASSWORD: 'pw',
    });
    await database.start();
    pod = new Pod('gitea', variable(container, 'DATA'), store, {
      ...database.outside,
      PGUSER: variable(container, 'PGUSER'),
      PGDATABASE: variable(container, 'PGDATABASE'),
      PGPASSWORD: 'pw',
    });
    // Its own stubs before the programs of the database.
    pod.place.program('pg_isready', `exec ${POSTGRES_PROGRAMS}/pg_isready "$@"`);
  });
  afterAll(() => database.stop());

  const repository = () => pod.path('/var/lib/gitea/git/repositories/team/app.git');
  const sql = (statement: string) =>
    pod.shell(`${POSTGRES_PROGRAMS}/psql --quiet --no-align --tuples-only --command "${statement}"`);
  const push = (name: string) =>
    pod.shell(
      `set -e; work=$(mktemp -d); git clone -q '${repository()}' "$work"; cd "$work"; echo ${name} > ${name}; git add .
       git -c user.name=a -c user.email=a@example.org commit -qm ${name}; git push -q origin HEAD:main; rm -rf "$work"`,
    );
  const titles = async () => (await sql('SELECT title FROM issue ORDER BY title')).log.trim().split('\n');
  const files = async () =>
    (await pod.shell(`git -C '${repository()}' ls-tree --name-only main`)).log.trim().split('\n');
  const loseDatabase = () => sql('DROP SCHEMA public CASCADE; CREATE SCHEMA public');

  it('is saved as one pair: the database, dumped first, and the repositories', async () => {
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    await pod.shell(`git init -q --bare -b main '${repository()}'`);
    expect(await push('yesterday')).toMatchObject({ code: 0 });
    await sql("CREATE TABLE issue (title text); INSERT INTO issue VALUES ('yesterday')");
    pod.write('/var/lib/gitea/conf/secret-key', 'the key of the encrypted columns');
    pod.write('/var/lib/gitea/data/attachments/one', 'of an issue');
    for (const folder of MADE_AGAIN) pod.write(`/var/lib/gitea/${folder}/large`, 'x');
    const { code, log } = await pod.run('backup.sh');
    expect([code, log.trim().split('\n').at(-1)]).toEqual([0, 'gitea: saved']);
  });

  it('comes back whole when both are lost, and takes the next push', async () => {
    pod.loseVolume();
    await loseDatabase();
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect([await titles(), await files()]).toEqual([['yesterday'], ['yesterday']]);
    for (const kept of ['conf/secret-key', 'data/attachments/one']) {
      expect([kept, existsSync(pod.path(`/var/lib/gitea/${kept}`))]).toEqual([kept, true]);
    }
    expect(MADE_AGAIN.filter((folder) => existsSync(pod.path(`/var/lib/gitea/${folder}/large`)))).toEqual([]);
    expect(await push('today')).toMatchObject({ code: 0 });
  });

  it('gets its repositories back without touching a database that lives', async () => {
    await sql("INSERT INTO issue VALUES ('today')");
    pod.loseVolume();
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect([await titles(), await files()]).toEqual([['today', 'yesterday'], ['yesterday']]);
  });

  it('gets its database back without touching repositories that live', async () => {
    await push('today');
    await loseDatabase();
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect([await titles(), await files()]).toEqual([['yesterday'], ['today', 'yesterday']]);
  });

  it('goes back as a pair on request', async () => {
    const time = (await pod.run('backup.sh')).log
      .match(/^(\S+) [0-9a-f]{8}$/gm)!
      .at(-1)!
      .split(' ')[0]!;
    await sql("DELETE FROM issue; INSERT INTO issue VALUES ('mistake')");
    await push('mistake');
    pod.request(time);
    expect(await pod.run('restore.sh')).toMatchObject({ code: 0 });
    expect([await titles(), await files()]).toEqual([['yesterday'], ['today', 'yesterday']]);
  });
});

describe('the container that makes backups', () => {
  // Seen in a real pod: as its first process it had the whole grace period, and with it every new version of Gitea 75 s more.
  it('ends by itself when it is told, and nothing of it stays', async () => {
    const pod = new Pod('gitea', '/var/lib/gitea', store);
    const listener = join(pod.place.folder, 'listener');
    pod.place.program('nc', `echo "$$" > '${listener}'; exec tail -f /dev/null`);
    const { log } = await pod.shell(`
      sh '${pod.path('/opt/forge/serve.sh')}' & server=$!
      until [ -s '${listener}' ]; do /bin/sleep 0.1; done
      kill "$server"
      code=0; wait "$server" || code=$?
      while kill -0 "$(cat '${listener}')" 2> /dev/null; do /bin/sleep 0.1; done
      echo "ended with $code"`);
    expect(log).toBe('ended with 0\n');
  });
});

describe('the job that asks for backups', () => {
  let pod: Pod;
  beforeAll(() => {
    pod = new Pod('jenkins', '/var/jenkins_home', store, { SERVICE: 'jenkins-instances', MAIL_URL: '' });
    pod.place.program('sleep', 'note sleep');
    pod.place.program(
      'nslookup',
      `echo "Server: 10.43.0.10"; echo "Address: 10.43.0.10:53"; echo; echo "Name: $1"; echo "Address: 10.42.1.5"; echo "Address: 10.42.2.7"`,
    );
  });

  it('asks every instance, waits until it is let in, and shows what each says', async () => {
    pod.place.program(
      'nc',
      `note "$1:$2"; [ "$(grep -c "$1" '${pod.path('notes')}')" -gt 2 ] || exit 1; echo "$1: saving"; echo "$1: saved"`,
    );
    const { code, log } = await pod.run('ask.sh');
    const said = ['10.42.1.5', '10.42.2.7'].flatMap((address) => [`${address}: saving`, `${address}: saved`]);
    expect([code, log.trim().split('\n')]).toEqual([0, said]);
    expect(pod.place.notes().filter((line) => line.endsWith(':8099'))).toHaveLength(6);
  });

  it('fails when one of them did not save, after it has asked the others', async () => {
    pod.place.program('nc', `echo "$1: saving"; [ "$1" = 10.42.1.5 ] || echo "$1: saved"`);
    const { code, log } = await pod.run('ask.sh');
    expect([code, log]).toEqual([1, expect.stringContaining('10.42.2.7: saved')]);
  });

  it('asks four times before it fails, and who has saved but once', async () => {
    pod.place.program('nc', `note "ask $1"; [ "$1" = 10.42.1.5 ] && echo "$1: cannot save" || echo "$1: saved"`);
    const before = pod.place.notes().length;
    expect(await pod.run('ask.sh')).toMatchObject({ code: 1 });
    const asked = pod.place
      .notes()
      .slice(before)
      .filter((line) => line.startsWith('ask'));
    expect(asked.sort()).toEqual([...Array<string>(4).fill('ask 10.42.1.5'), 'ask 10.42.2.7']);
    pod.place.program(
      'nc',
      `if [ -e '${pod.path('again')}' ]; then echo "$1: saved"; else : > '${pod.path('again')}'; echo no; fi`,
    );
    expect(await pod.run('ask.sh')).toMatchObject({ code: 0 });
  });

  it('writes one mail when one failed, with what was said and no password for others to see', async () => {
    const password = 'a "quoted" \\ one';
    const mailing = new Pod('jenkins', '/var/jenkins_home', store, {
      SERVICE: 'jenkins-instances',
      MAIL_URL: 'smtp://smtp.example.org:587',
      MAIL_FROM: 'forge@example.org',
      MAIL_TO: 'ops@example.org',
      MAIL_USERNAME: 'forge',
      MAIL_PASSWORD: password,
    });
    mailing.place.program('sleep', ':');
    mailing.place.program('nslookup', 'echo "Address: 10.42.1.5"');
    mailing.place.program('nc', 'echo "jenkins-0: cannot save: no answer"');
    mailing.place.program('curl', `note "$*"; cat '${mailing.path('tmp/login')}' '${mailing.path('tmp/mail')}'`);
    const { code, log } = await mailing.run('ask.sh');
    const [sent, ...more] = mailing.place.notes();
    expect([code, more, sent]).toEqual([
      1,
      [],
      expect.stringMatching(/--ssl-reqd.*--mail-rcpt ops@example.org.*smtp:/),
    ]);
    expect(sent).not.toContain('quoted');
    expect(log).toContain(`user = "forge:a \\"quoted\\" \\\\ one"\n`);
    expect(log).toMatch(/Subject: jenkins-instances: the backup failed\r\n\r\njenkins-0: cannot save: no answer\n$/);
  });

  it('fails when nobody answers to the name', async () => {
    pod.place.program('nslookup', 'echo "Server: 10.43.0.10"; echo "Address: 10.43.0.10:53"; exit 1');
    expect(await pod.run('ask.sh')).toEqual({ code: 1, log: 'Nobody answers at jenkins-instances\n'.repeat(4) });
  });
});
