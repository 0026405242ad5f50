import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { startDigitalOceanApi } from '#sandbox/cloud/digitalocean/api';
import { caller, type Call } from '../http/call';
import { sampleAccount, TOKENS, type SampleAccount } from './sample-account';

const CRASH_BEFORE = { kind: 'crash-before' } as const;
const CRASH_AFTER = { kind: 'crash-after' } as const;
const vpc = { name: 'forge', region: 'fra1' };

let sample: SampleAccount;
let call: Call;

beforeEach(async () => {
  sample = await sampleAccount();
  call = caller(sample.url, TOKENS.deploy);
});

describe('the DigitalOcean API', () => {
  it('refuses a token that nobody gave out, and none at all', async () => {
    const body = { id: 'unauthorized', message: 'Unable to authenticate you' };
    for (const token of ['dop_v1_wrong', undefined]) {
      expect(await caller(sample.url, token)('GET', '/v2/vpcs')).toMatchObject({ status: 401, body });
    }
  });

  it('lists the regions for the token of the cluster, whose cloud controller looks for its own', async () => {
    const { status, body } = await caller(sample.url, TOKENS.cluster)('GET', '/v2/regions');
    expect(status).toBe(200);
    expect(body.regions).toContainEqual(expect.objectContaining({ slug: 'fra1', available: true }));
  });

  it('tells a stranger nothing about what it takes', async () => {
    const stranger = caller(sample.url, 'dop_v1_wrong');
    expect((await stranger('GET', '/v2/no-such-thing')).status).toBe(401);
    expect((await stranger('POST', '/v2/vpcs', '{')).status).toBe(401);
  });

  it('refuses what the scopes of a token do not allow, and lets it do the rest', async () => {
    const reader = sample.allowed('vpc:read');
    const message = 'You are not authorized to perform this operation';
    await expect(reader.post('/v2/vpcs', vpc)).rejects.toMatchObject({ status: 403, id: 'forbidden', message });
    expect(await reader.get('/v2/vpcs')).toEqual([]);
  });

  it('says what is not there', async () => {
    expect(await call('GET', '/v2/vpcs/1')).toMatchObject({ status: 404, body: { id: 'not_found' } });
    const unknown = await call('GET', '/v2/kubernetes/clusters');
    expect(unknown.status).toBe(404);
    expect(unknown.body.message).toBe('The emulated DigitalOcean has no GET /v2/kubernetes/clusters');
  });

  it('names the field of a request that is wrong', async () => {
    const refusal = { status: 422, id: 'unprocessable_entity', message: expect.stringContaining('name') };
    await expect(sample.api.post('/v2/vpcs', { region: 'fra1' })).rejects.toMatchObject(refusal);
  });

  it('gives a list in pages that name each other', async () => {
    for (let index = 1; index <= 25; index += 1) await sample.api.post('/v2/tags', { name: `tag-${index}` });
    const first = await call('GET', '/v2/tags');
    expect(first.body.tags).toHaveLength(20);
    expect(first.body.meta).toEqual({ total: 25 });
    const { pages } = first.body.links;
    expect(Object.keys(pages)).toEqual(['next', 'last']);
    const second = await call('GET', (pages.next as string).replace(sample.url, ''));
    expect(second.body.tags).toHaveLength(5);
    expect(Object.keys(second.body.links.pages)).toEqual(['first', 'prev']);
    expect((await call('GET', '/v2/tags?per_page=200')).body).toMatchObject({ links: {}, meta: { total: 25 } });
  });

  it('tells how many requests are left', async () => {
    const { headers } = await call('GET', '/v2/tags');
    expect(headers.get('ratelimit-limit')).toBe('5000');
    expect(headers.get('ratelimit-remaining')).toBe('4999');
  });

  it('refuses what is no JSON or too large, and goes on', async () => {
    expect(await call('POST', '/v2/tags', '{')).toMatchObject({ status: 400, body: { id: 'bad_request' } });
    expect(await call('POST', '/v2/tags', 'x'.repeat(2 ** 21))).toMatchObject({ status: 413 });
    expect((await call('GET', '/v2/tags')).status).toBe(200);
  });

  it('listens on loopback only', async () => {
    const everywhere = { address: '0.0.0.0', port: 0 };
    await expect(startDigitalOceanApi(sample.account, everywhere)).rejects.toThrow('loopback only');
  });
});

describe('a fault', () => {
  it('answers once instead of the API, with its headers', async () => {
    const [message, headers] = ['Too many requests', { 'retry-after': '1' }];
    sample.fault('vpc:read', { kind: 'error', status: 429, id: 'too_many_requests', message, headers });
    const limited = await call('GET', '/v2/vpcs');
    expect(limited).toMatchObject({ status: 429, body: { id: 'too_many_requests', message } });
    expect(limited.headers.get('retry-after')).toBe('1');
    expect((await call('GET', '/v2/vpcs')).status).toBe(200);
  });

  it('before the write leaves nothing, after the write what nobody was told of', async () => {
    sample.fault('vpc:*', CRASH_BEFORE);
    await expect(sample.api.post('/v2/vpcs', vpc)).rejects.toThrow('fetch failed');
    expect(await sample.api.get('/v2/vpcs')).toEqual([]);
    sample.fault('vpc:*', CRASH_AFTER);
    await expect(sample.api.post('/v2/vpcs', vpc)).rejects.toThrow('fetch failed');
    expect(await sample.api.get('/v2/vpcs')).toMatchObject([vpc]);
  });
});

describe('the account', () => {
  it('is on disk before a change is answered, and is not written by a look', async () => {
    rmSync(sample.file);
    await sample.api.get('/v2/vpcs');
    expect(existsSync(sample.file)).toBe(false);
    await sample.api.post('/v2/vpcs', vpc);
    expect(sample.reopen().state.held['vpcs']).toMatchObject([vpc]);
  });

  it('is kept in a file that only the owner can read, and that has no token', () => {
    expect(statSync(sample.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(sample.file, 'utf8')).not.toContain(TOKENS.deploy);
  });

  it('says what to do when the file is damaged', () => {
    writeFileSync(sample.file, '{"held":');
    expect(() => sample.reopen()).toThrow(`${sample.file} is damaged. Start afresh with: forge sandbox down`);
  });
});
