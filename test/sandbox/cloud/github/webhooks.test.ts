import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver, type Destination } from '#sandbox/cloud/github/deliveries';
import { createWebhook, deleteWebhook, getWebhook, updateWebhook } from '#sandbox/cloud/github/webhooks';
import { removeSampleGithubs, REPOSITORY, sampleGithub } from './sample-github';

afterAll(removeSampleGithubs);

const HOST = 'argocd.forge.example.org';
const hook = {
  url: `https://${HOST}/api/webhook`,
  contentType: 'json',
  secret: 'planted',
  insecureSsl: false,
  events: ['push'],
  active: true,
} as const;

describe('a webhook', () => {
  it('is made, changed and deleted', async () => {
    const { session } = await sampleGithub();
    const { id } = await createWebhook(session, REPOSITORY, hook);
    await updateWebhook(session, REPOSITORY, id, { ...hook, active: false });
    await expect(getWebhook(session, REPOSITORY, id)).resolves.toMatchObject({ active: false });
    await deleteWebhook(session, REPOSITORY, id);
    await expect(getWebhook(session, REPOSITORY, id)).rejects.toMatchObject({ status: 404 });
  });

  it('goes to a URL of its own, for at least one event', async () => {
    const { session } = await sampleGithub();
    await createWebhook(session, REPOSITORY, hook);
    await expect(createWebhook(session, REPOSITORY, hook)).rejects.toThrow('Hook already exists');
    await expect(createWebhook(session, REPOSITORY, { ...hook, url: 'ftp://a' })).rejects.toThrow('http or https');
    await expect(createWebhook(session, REPOSITORY, { ...hook, url: 'https://b', events: [] })).rejects.toThrow(
      'event',
    );
  });
});

describe('a delivery', () => {
  const received: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  let server: Server;
  let destination: Destination;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    destination = { address: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => received.splice(0));

  const resolve = (host: string) => (host === HOST ? destination : undefined);
  const payload = { ref: 'refs/heads/main' };

  it('is signed and says what happened', async () => {
    const { session, github } = await sampleGithub();
    const { id, url } = await createWebhook(session, REPOSITORY, hook);
    const deliveries = await deliver(github, REPOSITORY, 'push', payload, { resolve });
    expect(deliveries).toEqual([{ webhook: id, url, status: 204 }]);
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
    const { session, github } = await sampleGithub();
    await createWebhook(session, REPOSITORY, { ...hook, active: false });
    await createWebhook(session, REPOSITORY, { ...hook, url: `${hook.url}/2`, events: ['issues'] });
    await createWebhook(session, REPOSITORY, { ...hook, url: `${hook.url}/3`, events: ['*'], contentType: 'form' });
    await deliver(github, REPOSITORY, 'push', payload, { resolve });
    expect(received.map(({ path }) => path)).toEqual(['/api/webhook/3']);
    expect(new URLSearchParams(received[0]!.body).get('payload')).toBe(JSON.stringify(payload));
  });

  it('tells why nobody answered', async () => {
    const { session, github } = await sampleGithub();
    await createWebhook(session, REPOSITORY, hook);
    const deliverTo = (where: Destination | undefined) =>
      deliver(github, REPOSITORY, 'push', payload, { resolve: () => where });
    expect(await deliverTo(undefined)).toMatchObject([
      { status: undefined, error: `no server for ${HOST} in this sandbox` },
    ]);
    const nobody = await deliverTo({ address: '127.0.0.1', port: 1, tls: false });
    expect(nobody).toMatchObject([{ error: expect.stringContaining('ECONNREFUSED') as string }]);
  });
});
