import { writeFileSync } from 'node:fs';
import {
  createBucket,
  deleteBucket,
  getBucket,
  spacesKeyLookup,
  updateBucket,
} from '../../../../sandbox/cloud/account/buckets';
import { inventory } from '../../../../sandbox/cloud/account/inventory';
import { createSpacesKey } from '../../../../sandbox/cloud/account/spaces-keys';
import { injectFault } from '../../../../sandbox/cloud/api/faults';
import { addVersion, dataFile } from '../../../../sandbox/cloud/spaces/object-versions';
import { newDraft, type Store } from '../../../../sandbox/cloud/spaces/store';
import { removeSampleAccounts, sampleAccount, SPACES_OWNER } from './sample-account';

afterAll(removeSampleAccounts);

function store(into: Store, bucket: string, key: string, text: string): void {
  const draft = newDraft(into);
  writeFileSync(dataFile(draft), text);
  addVersion(into, bucket, draft, { key, deleteMarker: false, etag: '', size: text.length, headers: {} });
}

const settings = { region: 'fra1', acl: 'private' } as const;

describe('a bucket', () => {
  it('belongs to the account, with its region and settings', async () => {
    const { account } = sampleAccount();
    const owner = { account, credentials: SPACES_OWNER };
    await createBucket(owner, 'snapshots', settings);
    await updateBucket(owner, 'snapshots', { versioning: 'Enabled' });
    await expect(getBucket(owner, 'snapshots')).resolves.toMatchObject({ ...settings, versioning: 'Enabled' });
    expect(inventory(account)).toEqual([{ kind: 'bucket', id: 'snapshots', name: 'snapshots' }]);
    await deleteBucket(owner, 'snapshots', false);
    expect(inventory(account)).toEqual([]);
    await expect(getBucket(owner, 'snapshots')).rejects.toMatchObject({ status: 404, id: 'NoSuchBucket' });
  });

  it('is deleted with what is in it only by force', async () => {
    const { account } = sampleAccount();
    const owner = { account, credentials: SPACES_OWNER };
    await createBucket(owner, 'snapshots', settings);
    await updateBucket(owner, 'snapshots', { versioning: 'Enabled' });
    for (const text of ['one', 'two']) store(account.store, 'snapshots', 'etcd/1', text);
    await expect(deleteBucket(owner, 'snapshots', false)).rejects.toMatchObject({ status: 409, id: 'BucketNotEmpty' });
    await deleteBucket(owner, 'snapshots', true);
    expect(inventory(account)).toEqual([]);
  });

  it('cannot be made with a name that is taken', async () => {
    const { account } = sampleAccount();
    const owner = { account, credentials: SPACES_OWNER };
    await createBucket(owner, 'snapshots', settings);
    await expect(createBucket(owner, 'snapshots', settings)).rejects.toMatchObject({
      status: 409,
      id: 'BucketAlreadyOwnedByYou',
    });
  });

  it('is made with the owner’s key only', async () => {
    const { account, session } = sampleAccount();
    const { accessKey, secretKey } = await createSpacesKey(session, 'backup', [
      { bucket: 'snapshots', permission: 'readwrite' },
    ]);
    const refused = async (accessKeyId: string, secretAccessKey: string, id: string) => {
      const made = createBucket({ account, credentials: { accessKeyId, secretAccessKey } }, 'snapshots', settings);
      await expect(made).rejects.toMatchObject({ status: 403, id });
    };
    await refused(accessKey, secretKey, 'AccessDenied');
    await refused(SPACES_OWNER.accessKeyId, 'wrong', 'SignatureDoesNotMatch');
    await refused('DO00NOBODY', 'wrong', 'InvalidAccessKeyId');
    expect(spacesKeyLookup(account)(accessKey)).toMatchObject({ secretKey });
  });

  it('meets faults and the control panel does not', async () => {
    const { account } = sampleAccount();
    injectFault(account.conditions, { operation: 'spaces:create', effect: { kind: 'crash-before' } });
    await createBucket({ account, credentials: undefined }, 'one', settings);
    const second = createBucket({ account, credentials: SPACES_OWNER }, 'two', settings);
    await expect(second).rejects.toThrow('the connection was lost');
  });
});
