import type { RequestListener } from 'node:http';
import { isOk, sendHttp } from '#clients/http';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';

describe('an HTTP request', () => {
  let server: LoopbackServer;
  let url: string;
  let listener: RequestListener;

  beforeAll(async () => {
    server = await loopbackServer((request, response) => listener(request, response));
    url = `${server.url}/path`;
  });

  it('gives the whole answer', async () => {
    listener = (request, response) => void response.writeHead(201).end(`${request.method} ${request.url}`);
    const { status, body } = await sendHttp({ url, method: 'PUT', body: 'x' }, { timeoutMs: 1000 });
    expect([status, body.toString()]).toEqual([201, 'PUT /path']);
    expect(await isOk({ url }, 1000)).toBe(false);
  });

  it('fails when the answer does not end in time', async () => {
    listener = (_, response) => void response.write('and');
    await expect(sendHttp({ url }, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(await isOk({ url }, 100)).toBe(false);
  });

  it('fails when the answer is too large', async () => {
    listener = (_, response) => void response.end('x'.repeat(100));
    await expect(sendHttp({ url }, { timeoutMs: 1000, maxBytes: 99 })).rejects.toThrow('more than 99 bytes');
  });
});
