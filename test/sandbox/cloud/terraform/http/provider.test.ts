import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { httpProvider } from '#sandbox/cloud/terraform/http/provider';
import { issueLeaf } from '#sandbox/cluster/k3s/leaf-certificate';
import type { ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import { authorityPair, type AuthorityPair } from '#test/sandbox/cluster/k3s/pki-files';
import { sampleServer, type SampleServer } from './sample-server';

const { http } = httpProvider().dataSources;
const QUICK = { attempts: 2, min_delay_ms: 1, max_delay_ms: 2 };

const read = (config: ValueObject, signal = new AbortController().signal) =>
  http!.read({ client: null, signal, config });

describe('the data source http', () => {
  it('gives status, body and headers of the answer', async () => {
    const { url, received } = await sampleServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/plain', 'x-more': ['a', 'b'] }).end('nö');
    });
    const found = await read({ url: `${url}/x?y=1` });
    expect(found).toMatchObject({
      id: `${url}/x?y=1`,
      status_code: 404,
      response_body: 'nö',
      body: 'nö',
      response_body_base64: Buffer.from('nö').toString('base64'),
      response_headers: { 'Content-Type': 'text/plain', 'X-More': 'a, b' },
    });
    expect(received).toMatchObject([{ method: 'GET', path: '/x?y=1' }]);
  });

  it('tries again after 5xx and 429 as often as it may', async () => {
    const { url, received } = await sampleServer((_, response, count) => {
      response.writeHead([503, 429, 200][count - 1]!, count === 1 ? { 'retry-after': '0' } : {}).end();
    });
    expect(await read({ url, retry: QUICK })).toMatchObject({ status_code: 200 });
    expect(received).toHaveLength(3);
  });

  it('fails when the last attempt was no better, and at once without retries', async () => {
    const { url, received } = await sampleServer((_, response) => response.writeHead(500).end());
    await expect(read({ url, retry: QUICK })).rejects.toThrow(`GET ${url}: giving up after 3 attempt(s)`);
    await expect(read({ url })).rejects.toThrow('giving up after 1 attempt(s)');
    expect(received).toHaveLength(4);
  });

  it('takes 501 for an answer', async () => {
    const { url } = await sampleServer((_, response) => response.writeHead(501).end());
    expect(await read({ url, retry: QUICK })).toMatchObject({ status_code: 501 });
  });

  it('tries again when there is no server, and says what was wrong', async () => {
    const { url, close } = await sampleServer(() => undefined);
    await close();
    await expect(read({ url, retry: QUICK })).rejects.toThrow(/after 3 attempt\(s\): connect ECONNREFUSED/);
  });

  it('gives up on a server that does not answer in time', async () => {
    const { url } = await sampleServer(() => undefined);
    await expect(read({ url, request_timeout_ms: 30 })).rejects.toThrow('exceeded the specified timeout: 30ms');
  });

  it('ends its retries when Terraform is told to stop', async () => {
    const stop = new AbortController();
    const { url, received } = await sampleServer((_, response) => {
      response.writeHead(503).end();
      setImmediate(() => stop.abort(new Error('told to stop')));
    });
    const retry = { attempts: 100, min_delay_ms: 60_000, max_delay_ms: 60_000 };
    await expect(read({ url, retry }, stop.signal)).rejects.toThrow('told to stop');
    expect(received).toHaveLength(1);
  });

  describe('over TLS', () => {
    let authority: AuthorityPair;
    let server: SampleServer;

    const issue = (usage: 'server' | 'client', names: string[] = []) => {
      const signer = { certificate: new X509Certificate(authority.certificate), key: createPrivateKey(authority.key) };
      return issueLeaf(signer, { commonName: 'sample', usages: [usage], names });
    };

    beforeAll(async () => {
      authority = await authorityPair('sample authority');
    });
    beforeEach(async () => {
      const { key, certificate: cert } = await issue('server', ['127.0.0.1']);
      const tls = { key, cert, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
      server = await sampleServer((_, response) => {
        const { authorized } = response.req.socket as unknown as { authorized: boolean };
        response.writeHead(authorized ? 200 : 401).end();
      }, tls);
    });

    it('trusts the given authority and shows the given certificate', async () => {
      const { key, certificate } = await issue('client');
      const trusted = { url: server.url, ca_cert_pem: authority.certificate };
      expect(await read(trusted)).toMatchObject({ status_code: 401 });
      const shown = { ...trusted, client_cert_pem: certificate, client_key_pem: key };
      expect(await read(shown)).toMatchObject({ status_code: 200 });
    });

    it('does not trust another authority, and does not try that again', async () => {
      const { certificate } = await authorityPair('another authority');
      const reading = read({ url: server.url, ca_cert_pem: certificate, retry: QUICK });
      await expect(reading).rejects.toThrow('giving up after 1 attempt(s)');
    });
  });
});
