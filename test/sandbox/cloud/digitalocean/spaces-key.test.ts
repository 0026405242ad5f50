import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { spacesKeyLookup } from '#sandbox/cloud/digitalocean/spaces-key';
import { BUCKET, OWNER, s3Client, sampleSpaces } from '../spaces/sample-spaces';
import { sampleAccount } from './sample-account';

const KEYS = '/v2/spaces/keys';

describe('a Spaces key', () => {
  const grants = [{ bucket: BUCKET, permission: 'readwrite' }];

  it('tells its secret at its creation only', async () => {
    const { api } = await sampleAccount();
    const { access_key, secret_key } = await api.post(KEYS, { name: 'backup', grants });
    expect(access_key).toMatch(/^DO[A-Z0-9]{18}$/);
    expect(secret_key).toMatch(/^\S{43}$/);
    const renamed = await api.put(`${KEYS}/${access_key}`, { name: 'renamed', grants });
    const told = [renamed, await api.get(`${KEYS}/${access_key}`), ...(await api.get(KEYS))];
    for (const key of told) {
      expect(key).toMatchObject({ name: 'renamed', access_key, grants });
      expect(key).not.toHaveProperty('secret_key');
    }
  });

  it('opens its buckets until it is deleted', async () => {
    const { api, account } = await sampleAccount();
    const { endpoint } = await sampleSpaces({ keys: spacesKeyLookup(account, OWNER) });
    const { access_key, secret_key } = await api.post(KEYS, { name: 'backup', grants });
    const list = () => s3Client(endpoint, access_key, secret_key).send(new ListObjectsV2Command({ Bucket: BUCKET }));
    await list();
    await api.delete(`${KEYS}/${access_key}`);
    await expect(list()).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await expect(api.get(`${KEYS}/${access_key}`)).rejects.toMatchObject({ status: 404 });
  });

  it('has full access to all buckets or a smaller right to one', async () => {
    const { api } = await sampleAccount();
    const make = (bucket: string, permission: string) =>
      api.post(KEYS, { name: 'key', grants: [{ bucket, permission }] });
    await make('', 'fullaccess');
    await expect(make('', 'read')).rejects.toMatchObject({ status: 422 });
    await expect(make('one', 'fullaccess')).rejects.toMatchObject({ status: 422 });
    await expect(make('one', 'delete')).rejects.toMatchObject({ status: 422 });
  });
});
