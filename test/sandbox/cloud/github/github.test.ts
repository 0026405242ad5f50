import { readFileSync, statSync } from 'node:fs';
import { injectFault } from '#sandbox/cloud/http/faults';
import { caller } from '../http/call';
import { GITHUB_TOKEN, READER_TOKEN, REPO, sampleGithub } from './sample-github';

const VARIABLES = `${REPO}/actions/variables`;

describe('the emulated GitHub', () => {
  it('refuses a token that it does not know, and none at all, before it looks at anything else', async () => {
    const { as } = await sampleGithub();
    expect(await as('ghp_wrong')('POST', VARIABLES, {})).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials', status: '401' },
    });
    expect(await as(undefined)('GET', '/user')).toMatchObject({
      status: 401,
      body: { message: 'Requires authentication' },
    });
  });

  it('refuses what a token has no permission for; to write includes to read', async () => {
    const { as } = await sampleGithub();
    const reader = as(READER_TOKEN);
    expect((await reader('POST', VARIABLES, { name: 'A', value: '1' })).status).toBe(201);
    expect((await reader('GET', `${VARIABLES}/A`)).body).toMatchObject({ value: '1' });
    expect(await reader('GET', `${REPO}/issues`)).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
  });

  it('tells every caller what the only repository is, and to whom its token belongs', async () => {
    const { as, call } = await sampleGithub();
    const { body } = await as(READER_TOKEN)('GET', '/repos/Example/Forge');
    expect(body).toMatchObject({ full_name: 'example/forge', private: true, default_branch: 'main' });
    expect((await call('GET', '/repos/example/other')).status).toBe(404);
    expect((await call('POST', '/repos/example/other/actions/variables', { name: 'A', value: '1' })).status).toBe(404);
    expect((await call('GET', '/user')).body).toMatchObject({ login: 'example', type: 'User' });
  });

  it('is a GitHub Enterprise Server to those who take it for one', async () => {
    const { github } = await sampleGithub();
    expect((await caller(`${github.url}/api/v3`, GITHUB_TOKEN)('GET', REPO)).status).toBe(200);
  });

  it('counts requests in every answer', async () => {
    const { call } = await sampleGithub();
    const { headers } = await call('GET', REPO);
    expect(headers.get('x-ratelimit-limit')).toBe('5000');
    expect(headers.get('x-ratelimit-remaining')).toBe('4999');
    expect(Number(headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  });

  it('is the same after a restart, in a file that only the owner can read', async () => {
    const { call, file, reopen } = await sampleGithub();
    await call('POST', VARIABLES, { name: 'A', value: '1' });
    const before = readFileSync(file, 'utf8');
    const { url } = await reopen();
    expect((await caller(url, GITHUB_TOKEN)('GET', VARIABLES)).body).toMatchObject({ variables: [{ name: 'A' }] });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('can be made to fail, and to lose the connection although all was written', async () => {
    const { call, github } = await sampleGithub();
    const effect = { kind: 'error', status: 502, id: 'bad_gateway', message: 'Server Error' } as const;
    injectFault(github.conditions, { operation: 'variables:write', effect });
    expect((await call('POST', VARIABLES, { name: 'A', value: '1' })).status).toBe(502);
    injectFault(github.conditions, { operation: 'variables:write', effect: { kind: 'crash-after' } });
    await expect(call('POST', VARIABLES, { name: 'A', value: '1' })).rejects.toThrow('fetch failed');
    expect((await call('GET', VARIABLES)).body).toMatchObject({ total_count: 1, variables: [{ name: 'A' }] });
  });
});

describe('a variable', () => {
  it('is made once, changed and deleted, by a name in upper case', async () => {
    const { call } = await sampleGithub();
    await call('POST', VARIABLES, { name: 'forge_domain', value: 'example.org' });
    expect(await call('POST', VARIABLES, { name: 'FORGE_DOMAIN', value: '2' })).toMatchObject({
      status: 409,
      body: { message: 'Already exists - Variable already exists' },
    });
    const { updated_at } = (await call('GET', `${VARIABLES}/FORGE_DOMAIN`)).body;
    expect((await call('PATCH', `${VARIABLES}/FORGE_DOMAIN`, { value: 'example.com' })).status).toBe(204);
    const changed = (await call('GET', `${VARIABLES}/forge_domain`)).body;
    expect(changed).toMatchObject({ name: 'FORGE_DOMAIN', value: 'example.com' });
    expect(changed.updated_at > updated_at).toBe(true);
    expect((await call('DELETE', `${VARIABLES}/FORGE_DOMAIN`)).status).toBe(204);
    expect((await call('GET', `${VARIABLES}/FORGE_DOMAIN`)).status).toBe(404);
  });
});

describe('a deploy key', () => {
  const key = { title: 'Argo CD', key: 'ssh-ed25519 AAAAC3Nza argocd@forge', read_only: true };

  it('is kept without its comment, and used once', async () => {
    const { call } = await sampleGithub();
    const { status, body } = await call('POST', `${REPO}/keys`, key);
    expect([status, body.key]).toEqual([201, 'ssh-ed25519 AAAAC3Nza']);
    expect((await call('GET', `${REPO}/keys/${body.id}`)).body).toEqual(body);
    expect((await call('POST', `${REPO}/keys`, { ...key, title: 'again' })).body).toMatchObject({
      errors: [{ resource: 'PublicKey', field: 'key', code: 'custom', message: 'key is already in use' }],
    });
    expect((await call('DELETE', `${REPO}/keys/${body.id}`)).status).toBe(204);
    expect((await call('POST', `${REPO}/keys`, key)).status).toBe(201);
  });

  it('is an OpenSSH public key', async () => {
    const { call } = await sampleGithub();
    const refused = await call('POST', `${REPO}/keys`, { ...key, key: 'secret' });
    expect(refused).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ message: expect.stringContaining('key is invalid') }] },
    });
  });
});
