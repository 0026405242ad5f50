import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOk, sendHttp } from '#clients/http';

describe('an HTTP request', () => {
  let server: Server;
  let url: string;
  let listener: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => listener(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
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
