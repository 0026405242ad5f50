import { readFileSync } from 'node:fs';
import { newKeyPair } from '#sandbox/cloud/github/sealed-box';
import { REPO, sampleGithub, seal } from './sample-github';

const SECRETS = `${REPO}/actions/secrets`;

describe('an Actions secret', () => {
  it('comes in sealed, and only a workflow sees its value', async () => {
    const { call, putSecret, secretForWorkflow, file } = await sampleGithub();
    expect((await putSecret('forge_password', 'planted')).status).toBe(201);
    const { body } = await call('GET', SECRETS);
    expect(body).toMatchObject({ total_count: 1, secrets: [{ name: 'FORGE_PASSWORD' }] });
    expect(Object.keys(body.secrets[0])).toEqual(['name', 'created_at', 'updated_at']);
    expect(secretForWorkflow('FORGE_PASSWORD')).toBe('planted');
    expect(readFileSync(file, 'utf8')).not.toContain('planted');
  });

  it('is refused when it was sealed for another key', async () => {
    const { call } = await sampleGithub();
    const { key_id } = (await call('GET', `${SECRETS}/public-key`)).body;
    const encrypted_value = seal('planted', newKeyPair().key);
    expect(await call('PUT', `${SECRETS}/A`, { key_id, encrypted_value })).toMatchObject({
      status: 422,
      body: { message: 'There was a problem decrypting your secret' },
    });
    expect(await call('PUT', `${SECRETS}/A`, { key_id: '1', encrypted_value })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'key_id' }] },
    });
  });

  it('shows each change by a later time', async () => {
    const { call, putSecret } = await sampleGithub();
    await putSecret('A', '1');
    const { updated_at } = (await call('GET', `${SECRETS}/a`)).body;
    expect((await putSecret('A', '2')).status).toBe(204);
    expect((await call('GET', `${SECRETS}/A`)).body.updated_at > updated_at).toBe(true);
  });

  it.each([
    ['1A', 'x', 'no digit at the start'],
    ['A-B', 'x', 'only letters'],
    ['GITHUB_X', 'x', 'must not start with GITHUB_'],
    ['LONG', 'x'.repeat(48 * 1024 + 1), 'at most 48 KB'],
  ])('cannot be named %s, or be too long', async (name, value, reason) => {
    const { putSecret } = await sampleGithub();
    const { status, body } = await putSecret(name, value);
    expect([status, body.errors[0].message]).toEqual([422, expect.stringContaining(reason)]);
  });

  it('is gone after its deletion', async () => {
    const { call, putSecret } = await sampleGithub();
    await putSecret('A', '1');
    expect((await call('DELETE', `${SECRETS}/A`)).status).toBe(204);
    expect(await call('GET', `${SECRETS}/A`)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  });
});
