import { withToken } from '#sandbox/cloud/account/session';
import { createTag, deleteTag, getTag } from '#sandbox/cloud/account/tags';
import { createVolume } from '#sandbox/cloud/account/volumes';
import { droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

describe('a tag', () => {
  it('counts the droplets that carry it', async () => {
    const { session } = sampleAccount();
    await createTag(session, 'forge:test_1');
    await droplet(session, { tags: ['forge:test_1'] });
    await expect(getTag(session, 'forge:test_1')).resolves.toEqual({ name: 'forge:test_1', droplets: 1, volumes: 0 });
  });

  it('is made once, and making it again is no error', async () => {
    const { session, account } = sampleAccount();
    await createTag(session, 'forge');
    await createTag(session, 'forge');
    expect(account.state.tags).toEqual(['forge']);
  });

  it('comes off everything when it is deleted', async () => {
    const { session, account } = sampleAccount();
    await droplet(session, { tags: ['a', 'b'] });
    await deleteTag(session, 'a');
    expect(account.state.droplets[0]!.tags).toEqual(['b']);
    await expect(getTag(session, 'a')).rejects.toMatchObject({ status: 404 });
  });

  it('can be put on a new droplet or volume only with the right to make tags, even if it exists', async () => {
    const { session, account } = sampleAccount();
    await createTag(session, 'forge');
    const scopes = ['droplet:create', 'droplet:read', 'block_storage:create'];
    const narrow = withToken({ ...account, tokens: [{ name: 'narrow', value: 'narrow', scopes }] }, 'narrow');
    const data = { name: 'data', region: 'fra1', description: '', sizeGiB: 1, filesystemType: '', filesystemLabel: '' };
    await expect(droplet(narrow, { tags: ['forge'] })).rejects.toMatchObject({ status: 403 });
    await expect(createVolume(narrow, { ...data, tags: ['forge'] })).rejects.toMatchObject({ status: 403 });
    await droplet(narrow);
    await createVolume(narrow, { ...data, tags: [] });
  });

  it('has a plain name', async () => {
    const { session } = sampleAccount();
    await expect(createTag(session, 'a b')).rejects.toMatchObject({ status: 422 });
  });
});
