import { readFileSync, writeFileSync } from 'node:fs';
import { injectFault } from '#sandbox/cloud/http/faults';
import { putEnvironment } from '#sandbox/cloud/github/environments';
import { seal } from '#sandbox/cloud/github/sealed-box';
import { getPublicKey, putSecret } from '#sandbox/cloud/github/secrets';
import { createVariable } from '#sandbox/cloud/github/variables';
import { startGithubApi } from '#sandbox/cloud/rest/github/github-api';
import type { RunningApi } from '#sandbox/cloud/http/rest-server';
import {
  GITHUB_TOKEN,
  READER_TOKEN,
  removeSampleGithubs,
  REPOSITORY,
  sampleGithub,
  type SampleGithub,
} from '../github/sample-github';
import { caller, type Call } from '../http/call';

const REPO = '/repos/example/forge';

let sample: SampleGithub;
let api: RunningApi;
let call: Call;

beforeEach(async () => {
  sample = await sampleGithub();
  api = await startGithubApi(sample.github, { address: '127.0.0.1', port: 0 });
  call = caller(api.url, GITHUB_TOKEN);
});
afterEach(() => api.stop());
afterAll(removeSampleGithubs);

describe('the GitHub API', () => {
  it('refuses a token that it does not know, and none at all', async () => {
    expect(await caller(api.url, 'ghp_wrong')('GET', '/user')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials', status: '401' },
    });
    expect(await caller(api.url, undefined)('GET', '/user')).toMatchObject({
      status: 401,
      body: { message: 'Requires authentication' },
    });
  });

  it('tells a stranger nothing about what it takes', async () => {
    expect((await caller(api.url, 'ghp_wrong')('POST', `${REPO}/issues`, {})).status).toBe(401);
  });

  it('refuses what a token has no permission for', async () => {
    expect(await caller(api.url, READER_TOKEN)('GET', `${REPO}/issues`)).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
  });

  it('tells every caller what the repository is', async () => {
    const { body } = await caller(api.url, READER_TOKEN)('GET', REPO);
    expect(body).toMatchObject({ full_name: 'example/forge', private: true, default_branch: 'main' });
    expect((await call('GET', '/repos/example/other')).status).toBe(404);
  });

  it('tells who the caller is', async () => {
    expect((await call('GET', '/user')).body).toMatchObject({ login: 'example', type: 'User' });
  });

  it('counts requests in every answer', async () => {
    const { headers } = await call('GET', REPO);
    expect(headers.get('x-ratelimit-limit')).toBe('5000');
    expect(headers.get('x-ratelimit-remaining')).toBe('4999');
    expect(Number(headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  });

  it('ends the connection on an injected crash, although all was written', async () => {
    injectFault(sample.github.conditions, { operation: 'issues:write', effect: { kind: 'crash-after' } });
    await expect(call('POST', `${REPO}/issues`, { title: 'Drift' })).rejects.toThrow('fetch failed');
    expect((await call('GET', `${REPO}/issues`)).body).toMatchObject([{ title: 'Drift' }]);
  });
});

describe('/issues', () => {
  it('are opened, changed, closed and opened again', async () => {
    const opened = await call('POST', `${REPO}/issues`, { title: 'Drift', body: 'vpc', labels: ['drift'] });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      number: 1,
      title: 'Drift',
      body: 'vpc',
      state: 'open',
      labels: [{ name: 'drift' }],
      user: { login: 'example' },
      author_association: 'OWNER',
      html_url: 'https://github.com/example/forge/issues/1',
      url: `${api.url}${REPO}/issues/1`,
    });
    const path = `${REPO}/issues/1`;
    const closed = await call('PATCH', path, { body: 'nothing any more', state: 'closed' });
    expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'completed', body: 'nothing any more' });
    expect(closed.body.closed_at).not.toBeNull();
    expect((await call('PATCH', path, { state: 'open' })).body).toMatchObject({ state: 'open', closed_at: null });
    expect((await call('GET', `${REPO}/issues/2`)).status).toBe(404);
  });

  it('are found by state, labels and creator, the newest first', async () => {
    for (const title of ['one', 'two', 'three'])
      await call('POST', `${REPO}/issues`, { title, labels: ['drift', title] });
    await call('PATCH', `${REPO}/issues/2`, { state: 'closed' });
    const titles = async (query: string) =>
      (await call('GET', `${REPO}/issues${query}`)).body.map(({ title }: { title: string }) => title);
    expect(await titles('')).toEqual(['three', 'one']);
    expect(await titles('?state=all&direction=asc')).toEqual(['one', 'two', 'three']);
    expect(await titles('?state=closed')).toEqual(['two']);
    expect(await titles('?labels=drift,one')).toEqual(['one']);
    expect(await titles('?creator=somebody')).toEqual([]);
    expect(await titles('?creator=example&per_page=1&page=2')).toEqual(['one']);
  });

  it('are refused with what is wrong', async () => {
    expect(await call('POST', `${REPO}/issues`, {})).toMatchObject({ status: 422 });
    const long = await call('POST', `${REPO}/issues`, { title: 'x', body: 'x'.repeat(65_537) });
    expect(long.status).toBe(422);
    expect(long.body).toMatchObject({
      message: 'Validation Failed',
      errors: [{ resource: 'Issue', field: 'body', message: 'body is too long (maximum is 65536 characters)' }],
    });
  });

  it('are still there after a restart', async () => {
    await call('POST', `${REPO}/issues`, { title: 'Drift' });
    await call('POST', `${REPO}/issues/1/comments`, { body: 'still' });
    const { state } = await sample.reopen();
    expect(state.repositories[0]!.issues).toMatchObject([{ title: 'Drift', comments: [{ body: 'still' }] }]);
  });
});

describe('a GitHub that an earlier version saved', () => {
  it('has no issues yet, and takes them', async () => {
    const saved = JSON.parse(readFileSync(sample.file, 'utf8'));
    delete saved.sequence.issue;
    delete saved.repositories[0].issues;
    delete saved.repositories[0].labels;
    writeFileSync(sample.file, JSON.stringify(saved));
    const later = await startGithubApi(await sample.reopen(), { address: '127.0.0.1', port: 0 });
    const again = caller(later.url, GITHUB_TOKEN);
    const made = await again('POST', `${REPO}/issues`, { title: 'Drift', labels: ['drift'] });
    await later.stop();
    expect(made.body).toMatchObject({ number: 1, labels: [{ name: 'drift' }] });
    expect(made.body.id).toBeGreaterThan(2 ** 31);
  });
});

describe('what workflows get', () => {
  it('is listed by name, and secrets without their value', async () => {
    await createVariable(sample.session, REPOSITORY, 'REGION', 'fra1');
    await secret({}, 'DIGITALOCEAN_TOKEN');
    const secrets = (await call('GET', `${REPO}/actions/secrets`)).body;
    expect(secrets).toMatchObject({ total_count: 1, secrets: [{ name: 'DIGITALOCEAN_TOKEN' }] });
    expect(Object.keys(secrets.secrets[0])).toEqual(['name', 'created_at', 'updated_at']);
    const { variables } = (await call('GET', `${REPO}/actions/variables`)).body;
    expect(variables).toMatchObject([{ name: 'REGION', value: 'fra1' }]);
    const key = (await call('GET', `${REPO}/actions/secrets/public-key`)).body;
    expect(key).toEqual({ key_id: expect.any(String), key: expect.any(String) });
  });

  it('is listed for each environment', async () => {
    const policy = { waitTimer: 0, canAdminsBypass: true, preventSelfReview: false, branchPolicy: undefined };
    await putEnvironment(sample.session, REPOSITORY, 'production', { ...policy, reviewers: { teams: [], users: [] } });
    await secret({ environment: 'production' }, 'FORGE_GITHUB_TOKEN');
    const { environments } = (await call('GET', `${REPO}/environments`)).body;
    expect(environments).toMatchObject([{ name: 'production' }]);
    expect((await call('GET', `${REPO}/environments/production/secrets`)).body).toMatchObject({
      secrets: [{ name: 'FORGE_GITHUB_TOKEN' }],
    });
    expect((await call('GET', `${REPO}/environments/plan/secrets`)).status).toBe(404);
  });

  async function secret(where: { environment?: string }, name: string): Promise<void> {
    const place = { ...REPOSITORY, ...where };
    const { id, key } = await getPublicKey(sample.session, place);
    await putSecret(sample.session, place, name, { keyId: id, box: seal('planted', key) });
  }
});
