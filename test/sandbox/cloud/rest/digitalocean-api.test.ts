import { createTag } from '#sandbox/cloud/account/tags';
import { injectFault } from '#sandbox/cloud/http/faults';
import { startDigitalOceanApi } from '#sandbox/cloud/rest/digitalocean/digitalocean-api';
import type { RunningApi } from '#sandbox/cloud/http/rest-server';
import { removeSampleAccounts, sampleAccount, TOKENS, type SampleAccount } from '../account/sample-account';
import { caller, type Call } from '../http/call';

const LOOPBACK = { address: '127.0.0.1', port: 0 };

let sample: SampleAccount;
let api: RunningApi;
let call: Call;

beforeEach(async () => {
  sample = sampleAccount();
  api = await startDigitalOceanApi(sample.account, LOOPBACK);
  call = caller(api.url, TOKENS.deploy);
});
afterEach(() => api.stop());
afterAll(removeSampleAccounts);

describe('the DigitalOcean API', () => {
  it('refuses a token that it does not know, and none at all', async () => {
    for (const token of ['dop_v1_wrong', undefined]) {
      const { status, body } = await caller(api.url, token)('GET', '/v2/droplets');
      expect(status).toBe(401);
      expect(body).toMatchObject({ id: 'unauthorized', message: 'Unable to authenticate you' });
    }
  });

  it('tells a stranger nothing about what it takes', async () => {
    const stranger = caller(api.url, 'dop_v1_wrong');
    expect((await stranger('GET', '/v2/no-such-thing')).status).toBe(401);
    expect((await stranger('POST', '/v2/volumes', '{')).status).toBe(401);
  });

  it('refuses what the scopes of a token do not allow, and lets it do the rest', async () => {
    const narrow = caller(api.url, TOKENS.cluster);
    const { status, body } = await narrow('GET', '/v2/firewalls');
    expect(status).toBe(403);
    expect(body).toMatchObject({ id: 'forbidden', message: 'You are not authorized to perform this operation' });
    expect((await narrow('GET', '/v2/volumes')).status).toBe(200);
  });

  it('says what is not there', async () => {
    expect(await call('GET', '/v2/droplets/1')).toMatchObject({ status: 404, body: { id: 'not_found' } });
    const unknown = await call('GET', '/v2/kubernetes/clusters');
    expect(unknown.status).toBe(404);
    expect(unknown.body.message).toBe('The emulated DigitalOcean has no GET /v2/kubernetes/clusters');
  });

  it('gives a list in pages that name each other', async () => {
    for (let index = 1; index <= 25; index += 1) await createTag(sample.session, `tag-${index}`);
    const first = await call('GET', '/v2/tags');
    expect(first.body.tags).toHaveLength(20);
    expect(first.body.meta).toEqual({ total: 25 });
    const { pages } = first.body.links;
    expect(Object.keys(pages)).toEqual(['next', 'last']);
    const second = await call('GET', (pages.next as string).replace(api.url, ''));
    expect(second.body.tags).toHaveLength(5);
    expect(Object.keys(second.body.links.pages)).toEqual(['first', 'prev']);
    const whole = await call('GET', '/v2/tags?per_page=200');
    expect(whole.body).toMatchObject({ links: {}, meta: { total: 25 } });
  });

  it('tells how many requests are left', async () => {
    const { headers } = await call('GET', '/v2/account');
    expect(headers.get('ratelimit-limit')).toBe('5000');
    expect(headers.get('ratelimit-remaining')).toBe('4999');
  });

  it('answers with an injected fault, or not at all', async () => {
    const message = 'Too many requests';
    const headers = { 'retry-after': '1' };
    const effect = { kind: 'error', status: 429, id: 'too_many_requests', message, headers } as const;
    injectFault(sample.account.conditions, { operation: 'droplet:read', effect });
    const limited = await call('GET', '/v2/droplets');
    expect(limited).toMatchObject({ status: 429, body: { id: 'too_many_requests', message } });
    expect(limited.headers.get('retry-after')).toBe('1');
    injectFault(sample.account.conditions, { operation: 'droplet:read', effect: { kind: 'crash-before' } });
    await expect(call('GET', '/v2/droplets')).rejects.toThrow('fetch failed');
    expect((await call('GET', '/v2/droplets')).status).toBe(200);
  });

  it('refuses what is no JSON or too large, and goes on', async () => {
    expect(await call('POST', '/v2/volumes', '{')).toMatchObject({ status: 400, body: { id: 'bad_request' } });
    expect(await call('POST', '/v2/volumes', 'x'.repeat(2 ** 21))).toMatchObject({ status: 413 });
    expect((await call('GET', '/v2/volumes')).status).toBe(200);
  });

  it('listens on loopback only', async () => {
    await expect(startDigitalOceanApi(sample.account, { address: '0.0.0.0', port: 0 })).rejects.toThrow(
      'loopback only',
    );
  });
});
