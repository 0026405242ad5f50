import { statSync } from 'node:fs';
import { createDeployKey, deleteDeployKey, getDeployKey } from '#sandbox/cloud/github/deploy-keys';
import { putEnvironment } from '#sandbox/cloud/github/environments';
import { withGithubToken } from '#sandbox/cloud/github/session';
import { createVariable, deleteVariable, getVariable, updateVariable } from '#sandbox/cloud/github/variables';
import { injectFault } from '#sandbox/cloud/http/faults';
import { READER_TOKEN, removeSampleGithubs, REPOSITORY, sampleGithub } from './sample-github';

afterAll(removeSampleGithubs);

describe('a variable', () => {
  it('is made, changed and deleted, by a name in upper case', async () => {
    const { session } = await sampleGithub();
    await createVariable(session, REPOSITORY, 'forge_domain', 'example.org');
    await updateVariable(session, REPOSITORY, 'FORGE_DOMAIN', 'example.com');
    await expect(getVariable(session, REPOSITORY, 'FORGE_DOMAIN')).resolves.toMatchObject({ value: 'example.com' });
    await deleteVariable(session, REPOSITORY, 'FORGE_DOMAIN');
    await expect(getVariable(session, REPOSITORY, 'FORGE_DOMAIN')).rejects.toMatchObject({ status: 404 });
  });

  it('is made once', async () => {
    const { session } = await sampleGithub();
    await createVariable(session, REPOSITORY, 'A', '1');
    await expect(createVariable(session, REPOSITORY, 'a', '2')).rejects.toMatchObject({
      status: 409,
      message: 'Already exists - Variable already exists',
    });
  });
});

describe('a deploy key', () => {
  const key = { title: 'Argo CD', key: 'ssh-ed25519 AAAAC3Nza argocd@forge', readOnly: true };

  it('is kept without its comment, and used once', async () => {
    const { session } = await sampleGithub();
    const { id } = await createDeployKey(session, REPOSITORY, key);
    await expect(getDeployKey(session, REPOSITORY, id)).resolves.toMatchObject({ key: 'ssh-ed25519 AAAAC3Nza' });
    await expect(createDeployKey(session, REPOSITORY, { ...key, title: 'again' })).rejects.toThrow('already in use');
    await deleteDeployKey(session, REPOSITORY, id);
    await createDeployKey(session, REPOSITORY, key);
  });

  it('is an OpenSSH public key', async () => {
    const { session } = await sampleGithub();
    await expect(createDeployKey(session, REPOSITORY, { ...key, key: 'secret' })).rejects.toThrow('key is invalid');
  });
});

describe('an environment', () => {
  const settings = {
    waitTimer: 0,
    canAdminsBypass: true,
    preventSelfReview: false,
    reviewers: { teams: [], users: [] },
    branchPolicy: undefined,
  };

  it.each([
    [{ waitTimer: 50_000 }, 'wait_timer'],
    [{ reviewers: { teams: [1, 2, 3], users: [4, 5, 6, 7] } }, 'reviewers'],
    [{ branchPolicy: { protectedBranches: true, customPolicies: true } }, 'deployment_branch_policy'],
  ])('is refused with %j', async (change, field) => {
    const { session } = await sampleGithub();
    const made = putEnvironment(session, REPOSITORY, 'production', { ...settings, ...change });
    await expect(made).rejects.toThrow(field);
  });
});

describe('the emulated GitHub', () => {
  it('knows only the repository of the configuration', async () => {
    const { session } = await sampleGithub();
    const other = { owner: 'example', name: 'other' };
    await expect(createVariable(session, other, 'A', '1')).rejects.toMatchObject({
      status: 404,
      endpoint: { method: 'POST', url: 'https://api.github.com/repos/example/other/actions/variables' },
    });
  });

  it('refuses unknown tokens and missing permissions; write includes read', async () => {
    const { session, github } = await sampleGithub();
    await createVariable(session, REPOSITORY, 'A', '1');
    const stranger = withGithubToken(github, 'ghp_stolen');
    await expect(getVariable(stranger, REPOSITORY, 'A')).rejects.toMatchObject({
      status: 401,
      message: 'Bad credentials',
    });
    const reader = withGithubToken(github, READER_TOKEN);
    await expect(getVariable(reader, REPOSITORY, 'A')).resolves.toMatchObject({ value: '1' });
    await expect(getDeployKey(reader, REPOSITORY, 1)).rejects.toMatchObject({
      status: 403,
      message: 'Resource not accessible by personal access token',
    });
  });

  it('is the same after a restart, in a file that only the owner can read', async () => {
    const { session, github, reopen, file } = await sampleGithub();
    await createVariable(session, REPOSITORY, 'A', '1');
    expect((await reopen()).state).toEqual(github.state);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('can be made to fail', async () => {
    const { session, github } = await sampleGithub();
    const effect = { kind: 'error', status: 502, id: 'bad_gateway', message: 'Server Error' } as const;
    injectFault(github.conditions, { operation: 'variables:write', effect });
    await expect(createVariable(session, REPOSITORY, 'A', '1')).rejects.toMatchObject({ status: 502 });
    await createVariable(session, REPOSITORY, 'A', '1');
  });
});
