import { attachVolume, createVolume, deleteVolume, resizeVolume } from '#sandbox/cloud/account/volumes';
import { droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

const data = {
  name: 'data',
  region: 'fra1',
  description: '',
  sizeGiB: 10,
  filesystemType: 'ext4',
  filesystemLabel: '',
  tags: [],
};

describe('a volume', () => {
  it('grows and never shrinks', async () => {
    const { session } = sampleAccount();
    const { id } = await createVolume(session, data);
    await expect(resizeVolume(session, id, 20)).resolves.toMatchObject({ sizeGiB: 20 });
    await expect(resizeVolume(session, id, 10)).rejects.toThrow('only be made larger');
  });

  it('is attached to one droplet of its region, and not deleted while it is', async () => {
    const { session } = sampleAccount();
    const { id } = await createVolume(session, data);
    const here = await droplet(session);
    const other = await droplet(session);
    const elsewhere = await droplet(session, { region: 'ams3' });
    await expect(attachVolume(session, id, elsewhere.id)).rejects.toThrow('same region');
    await attachVolume(session, id, here.id);
    await expect(attachVolume(session, id, other.id)).rejects.toThrow('already attached');
    await expect(deleteVolume(session, id)).rejects.toMatchObject({ status: 409 });
    await attachVolume(session, id, undefined);
    await deleteVolume(session, id);
  });

  it.each([
    [{ name: 'Data' }, 'lowercase'],
    [{ sizeGiB: 0 }, 'between 1 and 16384'],
    [{ region: 'fra9' }, 'region is invalid'],
    [{ filesystemType: 'btrfs' }, 'ext4 or xfs'],
  ])('is refused with %j', async (change, message) => {
    const { session } = sampleAccount();
    await expect(createVolume(session, { ...data, ...change })).rejects.toThrow(message);
  });

  it('needs a name of its own in its region and room in the quota', async () => {
    const { session } = sampleAccount({ quotas: { volumes: 1 } });
    await createVolume(session, data);
    await expect(createVolume(session, data)).rejects.toMatchObject({ status: 409 });
    await expect(createVolume(session, { ...data, name: 'more' })).rejects.toThrow('volume limit exceeded');
  });
});
