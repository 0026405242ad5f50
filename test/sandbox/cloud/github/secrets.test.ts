import { readFileSync } from 'node:fs';
import { deleteEnvironment, putEnvironment } from '#sandbox/cloud/github/environments';
import { newBoxKeys, seal } from '#sandbox/cloud/github/sealed-box';
import {
  deleteSecret,
  getPublicKey,
  getSecret,
  putSecret,
  secretForWorkflow,
  type SecretPlace,
} from '#sandbox/cloud/github/secrets';
import type { GithubSession } from '#sandbox/cloud/github/session';
import { removeSampleGithubs, REPOSITORY, sampleGithub } from './sample-github';

afterAll(removeSampleGithubs);

const production: SecretPlace = { ...REPOSITORY, environment: 'production' };
const settings = {
  waitTimer: 0,
  canAdminsBypass: true,
  preventSelfReview: false,
  reviewers: { teams: [], users: [] },
  branchPolicy: undefined,
};

async function store(session: GithubSession, place: SecretPlace, name: string, value: string) {
  const { id, key } = await getPublicKey(session, place);
  return putSecret(session, place, name, { keyId: id, box: seal(value, key) });
}

describe('an Actions secret', () => {
  it('comes in sealed, and only a workflow sees its value', async () => {
    const { session, github, file } = await sampleGithub();
    const info = await store(session, REPOSITORY, 'forge_password', 'planted');
    expect(info).not.toHaveProperty('box');
    expect(info.name).toBe('FORGE_PASSWORD');
    expect(secretForWorkflow(github, REPOSITORY, 'FORGE_PASSWORD')).toBe('planted');
    expect(readFileSync(file, 'utf8')).not.toContain('planted');
  });

  it('is refused when it was sealed for another key', async () => {
    const { session } = await sampleGithub();
    const { id } = await getPublicKey(session, REPOSITORY);
    const box = seal('planted', newBoxKeys().publicKey);
    await expect(putSecret(session, REPOSITORY, 'A', { keyId: id, box })).rejects.toThrow('problem decrypting');
    await expect(putSecret(session, REPOSITORY, 'A', { keyId: '1', box })).rejects.toThrow('key_id');
  });

  it('shows each change by a later time', async () => {
    const { session } = await sampleGithub();
    const first = await store(session, REPOSITORY, 'A', '1');
    const { updatedAt } = await store(session, REPOSITORY, 'A', '2');
    expect(updatedAt > first.updatedAt).toBe(true);
  });

  it.each([
    ['1A', 'no digit at the start'],
    ['A-B', 'only letters'],
    ['GITHUB_X', 'must not start with GITHUB_'],
  ])('cannot be named %s', async (name, reason) => {
    const { session } = await sampleGithub();
    await expect(store(session, REPOSITORY, name, 'x')).rejects.toThrow(reason);
  });

  it('holds at most 48 KB', async () => {
    const { session } = await sampleGithub();
    await expect(store(session, REPOSITORY, 'A', 'x'.repeat(48 * 1024 + 1))).rejects.toThrow('at most 48 KB');
  });

  it('is gone after its deletion', async () => {
    const { session } = await sampleGithub();
    await store(session, REPOSITORY, 'A', '1');
    await deleteSecret(session, REPOSITORY, 'A');
    await expect(getSecret(session, REPOSITORY, 'A')).rejects.toMatchObject({ status: 404, message: 'Not Found' });
  });
});

describe('a secret of an environment', () => {
  it('has a key of its own and goes with the environment', async () => {
    const { session, github } = await sampleGithub();
    await expect(store(session, production, 'A', '1')).rejects.toMatchObject({ status: 404 });
    await putEnvironment(session, REPOSITORY, 'production', settings);
    await store(session, production, 'A', '1');
    expect(secretForWorkflow(github, production, 'A')).toBe('1');
    expect((await getPublicKey(session, production)).key).not.toBe((await getPublicKey(session, REPOSITORY)).key);
    await deleteEnvironment(session, REPOSITORY, 'production');
    await expect(getSecret(session, production, 'A')).rejects.toMatchObject({ status: 404 });
  });

  it('stays when the environment gets new settings', async () => {
    const { session, github } = await sampleGithub();
    await putEnvironment(session, REPOSITORY, 'production', settings);
    await store(session, production, 'A', '1');
    await putEnvironment(session, REPOSITORY, 'production', { ...settings, waitTimer: 5 });
    expect(secretForWorkflow(github, production, 'A')).toBe('1');
  });
});
