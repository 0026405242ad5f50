import { createTag, deleteTag, getTag } from '../../../../sandbox/cloud/account/tags';
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

  it('has a plain name', async () => {
    const { session } = sampleAccount();
    await expect(createTag(session, 'a b')).rejects.toMatchObject({ status: 422 });
  });
});
