import type { IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import { loopbackServer } from '#test/loopback-server';
import { skipPauses } from '#test/skip-pauses';

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

describe('the DigitalOcean client', () => {
  const asked: string[] = [];
  let told = '';
  let origin: string;
  let client: DigitalOceanClient;
  /** Undefined for a connection that breaks. */
  let answer: (request: IncomingMessage, body: string) => Answer | undefined;

  beforeAll(async () => {
    const server = await loopbackServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      void textOf(request).then((text) => {
        const given = answer(request, text);
        if (given === undefined) return void response.socket?.destroy();
        response.writeHead(given.status ?? 200, given.headers);
        response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body ?? {}));
      });
    });
    origin = server.url;
    client = digitalOcean({ DIGITALOCEAN_TOKEN: 'planted', DIGITALOCEAN_API_URL: origin }, (text) => (told += text));
  });
  beforeEach(() => {
    asked.length = 0;
    told = '';
  });
  afterEach(() => jest.restoreAllMocks());

  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => ({ message: 'no failure', exitCode: 0 }),
      (error: unknown) => error as { message: string; exitCode: number },
    );

  it('asks with the token, and sends JSON', async () => {
    answer = ({ headers }, body) => ({
      body: { said: headers.authorization, body: JSON.parse(body || '{}') as unknown },
    });
    expect(await client.get('/v2/account')).toEqual({ said: 'Bearer planted', body: {} });
    expect(await client.post('/v2/tags', { name: 'one' })).toMatchObject({ body: { name: 'one' } });
    expect(await client.put('/v2/firewalls/1', { name: 'two' })).toMatchObject({ body: { name: 'two' } });
    expect(asked).toEqual(['GET /v2/account', 'POST /v2/tags', 'PUT /v2/firewalls/1']);
  });

  it('lists all pages', async () => {
    answer = ({ url }) => {
      const page = Number(new URL(url!, origin).searchParams.get('page') ?? 1);
      const next = `${origin}/v2/droplets?page=${page + 1}&per_page=200`;
      return { body: { droplets: [page], links: page < 3 ? { pages: { next } } : {} } };
    };
    expect(await client.list('/v2/droplets?tag_name=one', 'droplets')).toEqual([1, 2, 3]);
    expect(asked[0]).toBe('GET /v2/droplets?tag_name=one&per_page=200');
  });

  it('takes the token to no other host', async () => {
    answer = () => ({ body: { droplets: [], links: { pages: { next: 'http://127.0.0.1:1/v2/droplets?page=2' } } } });
    expect((await failureOf(client.list('/v2/droplets', 'droplets'))).message).toContain('was not followed');
    skipPauses();
    answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect((await failureOf(client.get('/v2/account'))).message).toContain('cannot be reached');
  });

  it('says whether there was something to delete', async () => {
    answer = () => ({ status: 404, body: { message: 'not found' } });
    expect(await client.delete('/v2/firewalls/1')).toBe(false);
    answer = () => ({ status: 204, body: '' });
    expect(await client.delete('/v2/firewalls/1')).toBe(true);
  });

  it('waits as long as a limit asks it to, and says so', async () => {
    let left = 1;
    answer = () =>
      left-- > 0 ? { status: 429, headers: { 'retry-after': '0' } } : { status: 201, body: { firewall: { id: 'f' } } };
    expect(await client.post('/v2/firewalls', {})).toEqual({ firewall: { id: 'f' } });
    expect(told).toContain('DigitalOcean asks to wait 0 s');
  });

  it('does not wait an hour for a limit', async () => {
    answer = () => ({ status: 429, headers: { 'retry-after': '3000' } });
    expect((await failureOf(client.get('/v2/account'))).message).toContain('Run it again later');
    expect(asked).toHaveLength(1);
  });

  it('repeats what can be repeated after a broken connection, and never what creates', async () => {
    const failing = (times: number) => () => (times-- > 0 ? undefined : { body: { ok: true } });
    const pauses = skipPauses();
    answer = failing(2);
    expect(await client.get('/v2/account')).toEqual({ ok: true });
    expect(pauses).toEqual([500, 500]);
    asked.length = 0;
    answer = failing(1);
    expect((await failureOf(client.post('/v2/firewalls', {}))).message).toContain(`cannot be reached at ${origin}`);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['POST', '/v2/firewalls', 'firewall:create'],
    ['DELETE', '/v2/firewalls/1', 'firewall:delete'],
    ['GET', '/v2/volumes', 'block_storage:read'],
    ['GET', '/v2/spaces/keys', 'spaces_key:read'],
    ['GET', '/v2/account/keys', 'ssh_key:read'],
    ['GET', '/v2/sizes', 'sizes:read'],
    ['GET', '/v2/reserved_ips', 'reserved_ip:read'],
  ])('names the scope that %s %s lacks', async (method, path, scope) => {
    answer = () => ({ status: 403, body: { message: 'You are not authorized to perform this operation' } });
    const calls = { GET: () => client.get(path), POST: () => client.post(path, {}), DELETE: () => client.delete(path) };
    expect(await failureOf(calls[method as keyof typeof calls]())).toMatchObject({
      message: expect.stringContaining(`lacks the scope ${scope}`),
      exitCode: 1,
    });
  });

  it.each([
    [401, { message: 'Unable to authenticate you' }, 'DIGITALOCEAN_TOKEN is not valid any more'],
    [422, { message: 'tag forge does not exist' }, 'tag forge does not exist (status 422)'],
    [200, '<html>', 'is not JSON'],
  ])('explains an answer of status %d', async (status, body, expected) => {
    answer = () => ({ status, body });
    const { message } = await failureOf(client.get('/v2/firewalls'));
    expect(message).toContain(expected);
    expect(message).not.toContain('planted');
  });

  it('needs a token, and sends it in clear to this machine only', () => {
    expect(() => digitalOcean({})).toThrow('DIGITALOCEAN_TOKEN is missing');
    for (const url of ['http://example.org', 'api.digitalocean.com', 'file:///etc/passwd']) {
      expect(() => digitalOcean({ DIGITALOCEAN_TOKEN: 'x', DIGITALOCEAN_API_URL: url })).toThrow(`is "${url}"`);
    }
  });
});
