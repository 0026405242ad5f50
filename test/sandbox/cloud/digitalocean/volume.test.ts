import { startMachines } from '#sandbox/cloud/digitalocean/forwarders';
import { client } from './client';
import { droplet, ended, VOLUME } from './samples';
import { sampleAccount, TOKENS } from './sample-account';

describe('a volume', () => {
  it('is made with the token of the cluster, as its driver does, and found by name and region', async () => {
    const { api, url } = await sampleAccount();
    const wanted = { ...VOLUME, tags: ['forge'], filesystem_type: 'ext4' };
    const made = await client(url, TOKENS.cluster).post('/v2/volumes', wanted);
    expect(made).toMatchObject({ ...wanted, region: { slug: 'fra1' }, droplet_ids: [] });
    expect(await api.get('/v2/volumes?name=data&region=fra1')).toMatchObject([{ id: made.id }]);
    expect(await api.get('/v2/volumes?name=data&region=ams3')).toEqual([]);
  });

  it('grows and never shrinks', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/volumes', VOLUME);
    const resize = (size_gigabytes: number) =>
      api.post(`/v2/volumes/${id}/actions`, { type: 'resize', size_gigabytes });
    await resize(20);
    expect(await api.get(`/v2/volumes/${id}`)).toMatchObject({ size_gigabytes: 20 });
    await expect(resize(10)).rejects.toThrow('only be made larger');
  });

  it('is attached to one droplet of its region, and not deleted while it is', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/volumes', VOLUME);
    const act = (type: string, { id: droplet_id }: any) =>
      ended(api, `/v2/volumes/${id}/actions`, { type, droplet_id });
    const [here, other] = [await droplet(api), await droplet(api)];
    await expect(act('attach', await droplet(api, { region: 'ams3' }))).rejects.toThrow('same region');
    await act('attach', here);
    expect(await api.get(`/v2/droplets/${here.id}`)).toMatchObject({ volume_ids: [id] });
    await expect(act('attach', other)).rejects.toThrow('This volume is already attached');
    await expect(act('detach', other)).rejects.toThrow('Attachment not found');
    await expect(api.delete(`/v2/volumes/${id}`)).rejects.toMatchObject({ status: 409, id: 'conflict' });
    await act('detach', here);
    await api.delete(`/v2/volumes/${id}`);
    expect(await api.get('/v2/volumes')).toEqual([]);
  });

  it('is a disk of its droplet, as the machines are told of it, also after a restart', async () => {
    const { api, machines, reopen } = await sampleAccount();
    const { id } = await api.post('/v2/volumes', VOLUME);
    const told = () => machines.disks;
    expect(told()).toEqual([{ id, name: 'data', sizeGiB: 10, droplet: undefined }]);
    const here = await droplet(api);
    await ended(api, `/v2/volumes/${id}/actions`, { type: 'attach', droplet_id: here.id });
    await ended(api, `/v2/volumes/${id}/actions`, { type: 'resize', size_gigabytes: 20 });
    const attached = [{ id, name: 'data', sizeGiB: 20, droplet: here.id }];
    expect(told()).toEqual(attached);
    machines.disks = [];
    await startMachines(reopen());
    expect(told()).toEqual(attached);
    await api.delete(`/v2/droplets/${here.id}`);
    expect(told()).toMatchObject([{ droplet: undefined }]);
    await api.delete(`/v2/volumes/${id}`);
    expect(told()).toEqual([]);
  });

  it('waits for what is done to its droplet, which takes fifteen of them', async () => {
    const { api } = await sampleAccount();
    const here = await droplet(api);
    const attach = async (index: number) => {
      const { id } = await api.post('/v2/volumes', { ...VOLUME, name: `data-${index}` });
      return { path: `/v2/volumes/${id}/actions`, action: { type: 'attach', droplet_id: here.id } };
    };
    const [first, second] = [await attach(0), await attach(1)];
    const { id } = await api.post(first.path, first.action);
    await expect(api.post(second.path, second.action)).rejects.toThrow('Droplet already has a pending event');
    await api.get(`${first.path}/${id}`);
    await ended(api, second.path, second.action);
    for (let index = 2; index < 15; index += 1) {
      const { path, action } = await attach(index);
      await ended(api, path, action);
    }
    const another = await attach(15);
    await expect(api.post(another.path, another.action)).rejects.toThrow('cannot attach more volumes to the Droplet');
  });

  it.each([
    [{ name: 'Data' }, 'lowercase'],
    [{ size_gigabytes: 0 }, 'between 1 and 16384'],
    [{ region: 'fra9' }, 'region is invalid'],
    [{ filesystem_type: 'btrfs' }, 'ext4 or xfs'],
  ])('is refused with %j', async (change, message) => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/volumes', { ...VOLUME, ...change })).rejects.toThrow(message);
  });

  it('needs a name of its own in its region and room in the quota', async () => {
    const { api } = await sampleAccount({ quotas: { volumes: 1 } });
    await api.post('/v2/volumes', VOLUME);
    await expect(api.post('/v2/volumes', VOLUME)).rejects.toMatchObject({ status: 409 });
    await expect(api.post('/v2/volumes', { ...VOLUME, name: 'more' })).rejects.toThrow('capacity limit exceeded');
  });
});
