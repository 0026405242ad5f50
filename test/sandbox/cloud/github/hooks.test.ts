import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Destination } from '#sandbox/cloud/github/deliveries';
import { selfSigned } from '#sandbox/controllers/self-signed-certificate';
import { loopbackServer } from '#test/loopback-server';
import { REPO, sampleGithub } from './sample-github';

const HOST = 'argocd.forge.example.org';
const HOOKS = `${REPO}/hooks`;
const open = { url: `https://${HOST}/api/webhook`, content_type: 'json', insecure_ssl: '0' };
const config = { ...open, secret: 'planted' };
const hook = { name: 'web', config, events: ['push'], active: true };

describe('a webhook', () => {
  it('is made, changed and deleted, and does not tell its secret', async () => {
    const { call } = await sampleGithub();
    const { status, body } = await call('POST', HOOKS, hook);
    expect([status, body]).toMatchObject([201, { active: true, config: { ...open, secret: '********' } }]);
    const one = `${HOOKS}/${body.id}`;
    expect((await call('PATCH', one, { active: false })).body.config.secret).toBe('********');
    // A configuration without a secret takes it away.
    await call('PATCH', one, { config: open });
    expect((await call('GET', one)).body).toMatchObject({ active: false, events: ['push'] });
    expect((await call('GET', one)).body.config).toEqual(open);
    expect((await call('DELETE', one)).status).toBe(204);
    expect((await call('GET', one)).status).toBe(404);
  });

  it.each([
    [hook, 'Hook already exists'],
    [{ ...hook, config: { ...config, url: 'ftp://a' } }, 'http or https'],
    [{ ...hook, config: { ...config, url: 'https://b', content_type: 'xml' } }, 'json or form'],
    [{ ...hook, config: { ...config, url: 'https://b' }, events: [] }, 'at least one event'],
  ])('is refused when it is the second to a URL, or wrong: %#', async (wanted, rule) => {
    const { call } = await sampleGithub();
    await call('POST', HOOKS, hook);
    const { status, body } = await call('POST', HOOKS, wanted);
    expect([status, body.errors[0].message]).toEqual([422, expect.stringContaining(rule)]);
  });
});

describe('a delivery', () => {
  const received: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  let destination: Destination;

  beforeAll(async () => {
    const server = await loopbackServer((request, response) => {
      void text(request).then((body) => {
        received.push({ path: request.url, headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    destination = { address: '127.0.0.1', port: server.port };
  });
  beforeEach(() => received.splice(0));

  const resolve = (host: string) => (host === HOST ? destination : undefined);
  const payload = { ref: 'refs/heads/main' };

  it('is signed and says what happened', async () => {
    const { call, github } = await sampleGithub();
    await call('POST', HOOKS, hook);
    const deliveries = await github.deliver('push', payload, resolve);
    expect(deliveries).toEqual([{ url: config.url, status: 204 }]);
    const [{ path, headers, body }] = received as [(typeof received)[number]];
    expect({ path, host: headers.host }).toEqual({ path: '/api/webhook', host: HOST });
    expect(JSON.parse(body)).toEqual(payload);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${createHmac('sha256', 'planted').update(body).digest('hex')}`,
    });
  });

  it('goes to active webhooks that listen for the event only', async () => {
    const { call, github } = await sampleGithub();
    const to = (below: string) => ({ url: `${config.url}${below}` });
    await call('POST', HOOKS, { ...hook, active: false });
    await call('POST', HOOKS, { config: to('/2'), events: ['issues'] });
    await call('POST', HOOKS, { config: to('/3'), events: ['*'] });
    await github.deliver('push', payload, resolve);
    expect(received.map(({ path }) => path)).toEqual(['/api/webhook/3']);
    expect(new URLSearchParams(received[0]!.body).get('payload')).toBe(JSON.stringify(payload));
    expect(received[0]!.headers).not.toHaveProperty('x-hub-signature-256');
  });

  it('goes over TLS to a server that has a certificate for the name, unless the webhook says that this does not matter', async () => {
    const { call, github } = await sampleGithub();
    const { body } = await call('POST', HOOKS, hook);
    const [good, other] = [await selfSigned([HOST]), await selfSigned([HOST])];
    const tls = { cert: good.certificate, key: good.key };
    const secure = await loopbackServer((_, response) => response.end(), tls);
    const there = { address: '127.0.0.1', port: secure.port };
    const deliverBy = (authorities: string) => github.deliver('push', payload, () => ({ ...there, authorities }));
    expect(await deliverBy(good.certificate)).toMatchObject([{ status: 200 }]);
    expect(await deliverBy(other.certificate)).toMatchObject([
      { error: expect.stringContaining('self-signed') as string },
    ]);
    await call('PATCH', `${HOOKS}/${body.id}`, { config: { ...config, insecure_ssl: '1' } });
    expect(await deliverBy(other.certificate)).toMatchObject([{ status: 200 }]);
  });

  it('tells why nobody answered', async () => {
    const { call, github } = await sampleGithub();
    await call('POST', HOOKS, hook);
    const deliverTo = (where: Destination | undefined) => github.deliver('push', payload, () => where);
    expect(await deliverTo(undefined)).toMatchObject([
      { status: undefined, error: `no server for ${HOST} in this sandbox` },
    ]);
    const nobody = await deliverTo({ address: '127.0.0.1', port: 1 });
    expect(nobody).toMatchObject([{ error: expect.stringContaining('ECONNREFUSED') as string }]);
  });
});
