/**
 * A real PostgreSQL, made as the image's entrypoint makes it from the environment of the manifest. Its version is the
 * machine's, not the image's, and what pg_hba.conf trusts on 127.0.0.1 in the image needs a password here: the only
 * addresses of a test are those.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { UNPRIVILEGED, type Workplace } from './container-script';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';
/** The oldest with \getenv. */
const OLDEST = 15;

/** Folder of its programs; undefined where none is installed. */
export const POSTGRES_PROGRAMS = (existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
  .filter((version) => Number(version) >= OLDEST)
  .map((version) => join(DEBIAN, version, 'bin'))
  .find((bin) => existsSync(join(bin, 'initdb')));

export interface PostgresServer {
  /** Variables with which libpq finds it: over its socket, as inside the pod, or over TCP, as from other pods. */
  readonly inside: Record<string, string>;
  readonly outside: Record<string, string>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function postgresServer(place: Workplace, env: Readonly<Record<string, string>>): Promise<PostgresServer> {
  const { POSTGRES_USER = 'postgres', POSTGRES_DB = POSTGRES_USER, POSTGRES_PASSWORD } = env;
  const bin = POSTGRES_PROGRAMS!;
  const data = join(place.folder, 'data');
  const passwordFile = join(place.folder, 'password');
  writeFileSync(passwordFile, `${POSTGRES_PASSWORD}\n`);
  const init = ['--username', POSTGRES_USER, '--pwfile', passwordFile, '--auth-local', 'trust', '--no-sync'];
  await run(join(bin, 'initdb'), ['-D', data, '--auth-host', 'scram-sha-256', ...init], UNPRIVILEGED);
  const port = String(await freePort());
  appendFileSync(join(data, 'postgresql.conf'), `listen_addresses='127.0.0.1'\nport=${port}\nfsync=off\n`);
  let server: ChildProcess | undefined;
  const inside = { PATH: `${join(place.folder, 'bin')}:${bin}:/usr/bin:/bin`, PGHOST: place.folder, PGPORT: port };
  const answers = () =>
    run(join(bin, 'psql'), ['-U', POSTGRES_USER, '-c', 'SELECT 1', 'postgres'], { env: inside }).then(() => true);

  const postgres = {
    inside,
    outside: { ...inside, PGHOST: '127.0.0.1' },
    async start() {
      server = spawn(join(bin, 'postgres'), ['-D', data, '-k', place.folder], { ...UNPRIVILEGED, stdio: 'ignore' });
      await eventually(answers);
    },
    async stop() {
      const ended = new Promise((resolve) => server!.once('exit', resolve));
      server!.kill('SIGINT');
      await ended;
    },
  };
  if (POSTGRES_DB !== 'postgres') {
    await postgres.start();
    await run(join(bin, 'createdb'), ['-U', POSTGRES_USER, POSTGRES_DB], { env: inside });
    await postgres.stop();
  }
  return postgres;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
