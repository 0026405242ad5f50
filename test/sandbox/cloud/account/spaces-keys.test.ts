import {
  createSpacesKey,
  deleteSpacesKey,
  getSpacesKey,
  spacesKeyLookup,
  updateSpacesKey,
} from '#sandbox/cloud/account/spaces-keys';
import { removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

describe('a Spaces key', () => {
  const grants = [{ bucket: 'snapshots', permission: 'readwrite' }];

  it('tells its secret at its creation only', async () => {
    const { session, account } = sampleAccount();
    const { accessKey, secretKey } = await createSpacesKey(session, 'backup', grants);
    expect(accessKey).toMatch(/^DO[A-Z0-9]{18}$/);
    expect(await getSpacesKey(session, accessKey)).not.toHaveProperty('secretKey');
    expect(await updateSpacesKey(session, accessKey, 'renamed', grants)).not.toHaveProperty('secretKey');
    expect(spacesKeyLookup(account)(accessKey)).toMatchObject({ secretKey, grants, name: 'renamed' });
  });

  it('opens nothing once it is deleted', async () => {
    const { session, account } = sampleAccount();
    const { accessKey } = await createSpacesKey(session, 'backup', grants);
    await deleteSpacesKey(session, accessKey);
    expect(spacesKeyLookup(account)(accessKey)).toBeUndefined();
  });

  it('has full access to all buckets or a smaller right to one', async () => {
    const { session } = sampleAccount();
    const make = (bucket: string, permission: string) => createSpacesKey(session, 'key', [{ bucket, permission }]);
    await make('', 'fullaccess');
    await expect(make('', 'read')).rejects.toMatchObject({ status: 422 });
    await expect(make('one', 'fullaccess')).rejects.toMatchObject({ status: 422 });
    await expect(make('one', 'delete')).rejects.toThrow('permission delete is invalid');
  });
});
