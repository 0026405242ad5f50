/** Skipped where no PostgreSQL from 15 on is installed. */
import { containerAt, workplace, type Workplace } from './container-script';
import type { Json } from './manifests';
import { POSTGRES_PROGRAMS, postgresServer, type PostgresServer } from './postgres-server';

jest.setTimeout(120_000);

const postgres = containerAt('StatefulSet rt postgres postgres');
const afterStart = (postgres['lifecycle'].postStart.exec.command as string[])[2]!;
const startupProbe = (postgres['startupProbe'].exec.command as string[]).map((word) => `'${word}'`).join(' ');

/** Signs that a shell, a connection string or SQL might take for something else. */
const ODD = `N3w "pass' \\ $HOME % @:/?#&;={}`;

/** Variables of a container, with values for the keys of postgres-secret. */
function environmentOf(container: Json, secret: Readonly<Record<string, string>>): Record<string, string> {
  const variables = container['env'] as Json[];
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [name, value ?? secret[valueFrom?.secretKeyRef.key] ?? '']),
  ) as Record<string, string>;
}

(POSTGRES_PROGRAMS ? describe : describe.skip)('on a real PostgreSQL', () => {
  const secret = { POSTGRES_PASSWORD: 'first', GITEA_DATABASE_PASSWORD: ODD };
  let place: Workplace;
  let server: PostgresServer;

  beforeAll(async () => {
    place = workplace();
    server = await postgresServer(place, environmentOf(postgres, secret));
    // It is there before the server answers, and waits for it.
    const waiting = place.run(afterStart, { ...server.inside, ...environmentOf(postgres, secret) });
    await server.start();
    expect(await waiting).toMatchObject({ code: 0 });
  });
  afterAll(() => server.stop());

  const sql = (user: string, password: string, statement: string, database = 'gitea') => {
    const env = { ...server.outside, PGUSER: user, PGPASSWORD: password, PGDATABASE: database, STATEMENT: statement };
    return place.run('psql --no-align --tuples-only --command "$STATEMENT"', env);
  };
  const asGitea = (statement: string) => sql('gitea', secret.GITEA_DATABASE_PASSWORD, statement);
  const answer = async (statement: string) => (await asGitea(statement)).log.trim();

  it('the start makes the role of Gitea, which owns its database and rules nothing else', async () => {
    const role = 'SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user';
    expect(await answer(role)).toBe('gitea|f|f|f');
    expect(await answer('SELECT datdba::regrole FROM pg_database WHERE datname = current_database()')).toBe('gitea');
    const { code, log } = await asGitea(`COPY (SELECT 1) TO PROGRAM 'cat > /tmp/out'`);
    expect([code, log]).toEqual([1, expect.stringContaining('pg_execute_server_program')]);
  });

  it('the startup probe passes only when the role and the database are there', async () => {
    const env = { ...server.outside, PGPASSWORD: secret.GITEA_DATABASE_PASSWORD };
    expect(await place.run(startupProbe, env)).toMatchObject({ code: 0 });
    const other = startupProbe.replaceAll('gitea', 'nobody');
    expect((await place.run(other, env)).code).toBeGreaterThan(0);
  });

  it('the next start sets changed passwords', async () => {
    const [before, changed] = [secret.POSTGRES_PASSWORD, { ...secret, POSTGRES_PASSWORD: ODD }];
    Object.assign(secret, changed, { GITEA_DATABASE_PASSWORD: 'second' });
    await place.run(afterStart, { ...server.inside, ...environmentOf(postgres, secret) });
    expect(await answer('SELECT 1')).toBe('1');
    expect((await sql('postgres', ODD, 'SELECT 1', 'postgres')).log.trim()).toBe('1');
    expect((await sql('postgres', before, 'SELECT 1', 'postgres')).log).toContain('password authentication failed');
  });
});
