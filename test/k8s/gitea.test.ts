/**
 * The scripts and settings of gitea.yaml, run with a stub of Gitea. That Gitea 1.27.3 itself takes them was seen by hand:
 * it changes nothing in the app.ini that is made from them, and logs the lines below.
 */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { containerAt, scriptOf, workplace, type Workplace } from './container-script';
import { ofKind, workloads, type Json } from './manifests';

const { pod } = workloads.find(({ id }) => id === 'Deployment rt gitea')!;
const settings = ofKind('ConfigMap').find(({ body }) => body['metadata'].name === 'gitea-env')!.body['data'] as Record<
  string,
  string
>;
const prepare = scriptOf(containerAt('Deployment rt gitea prepare'));

const GITEA = `
note "$*"
case "$1 $2" in
  'generate secret') echo "$3 $$" ;;
  'migrate ') bash -c ": < /dev/tcp/127.0.0.1/$PORT" || exit 1 ;;
  'admin user') [ "$3" = create ] || { echo "$ADMINS"; exit "\${LIST_EXIT:-0}"; } ;;
esac`;

describe("Gitea's first step", () => {
  let place: Workplace;
  let database: Server;
  let port: string;

  const listen = () => new Promise<void>((resolve) => database.listen(Number(port), '127.0.0.1', resolve));
  const run = (env: Record<string, string> = {}) =>
    place.run(prepare, {
      PORT: port,
      GITEA__database__HOST: `127.0.0.1:${port}`,
      GITEA_ADMIN_EMAIL: 'ops@example.org',
      GITEA_ADMIN_USERNAME: 'boss',
      GITEA_ADMIN_PASSWORD: 'planted',
      ADMINS: 'ID   Username',
      ...env,
    });
  const calls = (command: string) => place.notes().filter((line) => line.startsWith(command));
  const keyFiles = () =>
    Object.entries(settings)
      .filter(([name]) => name.endsWith('_URI'))
      .map(([, uri]) => join(place.folder, uri.replace('file:', '')));

  beforeEach(async () => {
    place = workplace(['/var/lib/gitea']);
    place.program('gitea', GITEA);
    database = createServer((socket) => socket.destroy());
    port = '0';
    await listen();
    port = String((database.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await new Promise((resolve) => database.close(resolve));
  });

  it('waits until the database lets it in', async () => {
    await new Promise((resolve) => database.close(resolve));
    const running = run();
    let ended = false;
    void running.then(() => (ended = true));
    await eventually(() => ended || calls('sleep').length > 2);
    expect([ended, calls('migrate')]).toEqual([false, []]);
    await listen();
    expect(await running).toMatchObject({ code: 0, log: expect.stringContaining('Waiting for Postgres.') });
    expect(calls('migrate')).toHaveLength(1);
  });

  it('makes every key that the settings name, once, for nobody else to read', async () => {
    expect(await run()).toMatchObject({ code: 0 });
    const made = keyFiles().map((file) => readFileSync(file, 'utf8'));
    expect(made.map((text) => text.split(' ')[0]).sort()).toEqual([
      ...['INTERNAL_TOKEN', 'JWT_SECRET', 'LFS_JWT_SECRET', 'SECRET_KEY'],
    ]);
    expect(keyFiles().map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
    expect(await run()).toMatchObject({ code: 0 });
    expect(keyFiles().map((file) => readFileSync(file, 'utf8'))).toEqual(made);
  });

  it('stops without a key', async () => {
    place.program('gitea', 'exit 3');
    expect(await run()).toMatchObject({ code: 3 });
  });

  it('makes the first administrator, and none when there is one', async () => {
    await run();
    expect(calls('admin user create')).toEqual([
      'admin user create --admin --username boss --email ops@example.org --password planted --must-change-password',
    ]);
    await run({ ADMINS: '1   boss   ops@example.org true' });
    expect(calls('admin user create')).toHaveLength(1);
  });

  it('makes none when it cannot tell whether there is one', async () => {
    expect(await run({ LIST_EXIT: '1' })).toMatchObject({ code: 1 });
    expect(calls('admin user create')).toEqual([]);
  });

  it('says what is missing without the secret', async () => {
    const { code, log } = await run({ GITEA_ADMIN_PASSWORD: '' });
    expect([code, log]).toEqual([0, expect.stringContaining('add gitea-admin-secret to forge.yaml')]);
  });
});

describe("Gitea's settings", () => {
  it('are made anew with each pod: app.ini is on no volume that lasts', () => {
    const mounts = ['initContainers', 'containers'].map((list) => {
      const { volumeMounts } = pod[list].find(({ name }: Json) => ['prepare', 'gitea'].includes(name as string));
      const mount = volumeMounts.find(({ mountPath }: Json) => settings['GITEA_APP_INI']!.startsWith(`${mountPath}/`));
      return (pod['volumes'] as Json[]).find(({ name }) => name === mount.name);
    });
    for (const volume of mounts) expect(Object.keys(volume!)).toEqual(['name', 'emptyDir']);
  });

  // Gitea would add what it misses of these to app.ini, and have another one in the next pod.
  it.each(['security__SECRET_KEY', 'security__INTERNAL_TOKEN', 'oauth2__JWT_SECRET', 'server__LFS_JWT_SECRET'])(
    'keep %s in a file on the volume',
    (key) => {
      expect(settings[`GITEA__${key}_URI`]).toMatch(/^file:\/var\/lib\/gitea\/conf\/[a-z-]+$/);
      const data = pod['containers'][0].volumeMounts.find(({ mountPath }: Json) => mountPath === '/var/lib/gitea');
      const volume = (pod['volumes'] as Json[]).find(({ name }) => name === data.name);
      expect(volume).toHaveProperty('persistentVolumeClaim');
    },
  );

  // Seen in real pods: up to 70 s for every page when Postgres moved to another node, 16 to 19 s with it.
  it('gives up a dial that nobody answers within seconds: meanwhile all pages wait', () => {
    const [, seconds] = /^gitea\?connect_timeout=(\d+)$/.exec(settings['GITEA__database__NAME'] as string)!;
    expect(Number(seconds)).toBeLessThanOrEqual(5);
  });

  it('leave half of the connections of Postgres to others', () => {
    const [open, idle] = ['OPEN', 'IDLE'].map((kind) => Number(settings[`GITEA__database__MAX_${kind}_CONNS`]));
    expect(open).toBeLessThanOrEqual(50);
    expect(idle).toBeLessThan(open!);
  });

  it('say in the log what people do, and nothing of the probes', () => {
    const [router, xorm] = ['router', 'xorm'].map((logger) => settings[`GITEA__log__logger_0X2E_${logger}_0X2E_MODE`]);
    const shown = new RegExp(settings[`GITEA__log_0X2E_${router}__EXPRESSION`]!);
    const line = (what: string, handler: string) =>
      `router: completed ${what} for 10.42.1.3:0, 200 OK in 1.2ms @ ${handler}`;
    expect(shown.test(line('GET /api/healthz', 'healthcheck/check.go:76(healthcheck.Check)'))).toBe(false);
    for (const [what, handler] of [
      ['GET /', 'web/home.go:32(web.Home)'],
      ['GET /user/login', 'auth/auth.go:269(auth.SignIn)'],
      ['GET /api/v1/user', 'v1/api.go:851(v1.Routes.apiAuth)'],
      ['GET /boss/r1/src/branch/main/api/healthz', 'repo/view_home.go:370(repo.Home)'],
    ] as const) {
      expect([what, shown.test(line(what, handler))]).toEqual([what, true]);
    }
    // xorm's "PING DATABASE postgres" is an information.
    expect(settings[`GITEA__log_0X2E_${xorm}__LEVEL`]).toBe('Warn');
  });

  it('have no key that Gitea calls deprecated', () => {
    // modules/setting of 1.27.3: an error in the log and on the administrator's page, at every start.
    expect(Object.keys(settings)).not.toContain('GITEA__webhook__ALLOWED_HOST_LIST');
  });
});

describe("Gitea's end", () => {
  it('comes after what is under way', () => {
    /** GRACEFUL_HAMMER_TIME: for so long Gitea lets requests finish. */
    const hammer = 60;
    const { preStop } = pod['containers'][0].lifecycle;
    expect(pod['terminationGracePeriodSeconds']).toBeGreaterThan(preStop.sleep.seconds + hammer);
  });
});
