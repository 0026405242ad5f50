import type { Client } from './client';
import { assign, droplet, PROJECT } from './samples';
import { sampleAccount } from './sample-account';

const urnsIn = async (api: Client, id: string) =>
  (await api.get(`/v2/projects/${id}/resources`)).map(({ urn }: any) => urn);
const move = async (api: Client, id: string, resources: string[]) =>
  (await api.post(`/v2/projects/${id}/resources`, { resources })).map(({ urn }: any) => urn);

describe('a project', () => {
  it('takes resources out of the default project and gives them back', async () => {
    const { api, url, buckets } = await sampleAccount();
    const { id: server } = await droplet(api);
    buckets.add('snapshots');
    const urns = [`do:droplet:${server}`, 'do:space:snapshots'];
    const { id } = await api.post('/v2/projects', PROJECT);
    expect(await api.get('/v2/projects/default/resources')).toMatchObject([
      { urn: urns[0], links: { self: `${url}/v2/droplets/${server}` }, status: 'ok' },
      { urn: urns[1] },
    ]);

    expect(await move(api, id, urns)).toEqual(urns);
    expect(await urnsIn(api, id)).toEqual(urns);
    expect(await urnsIn(api, 'default')).toEqual([]);

    const message = 'cannot delete a project with resources';
    await expect(api.delete(`/v2/projects/${id}`)).rejects.toMatchObject({ status: 412, message });
    await move(api, 'default', urns);
    await api.delete(`/v2/projects/${id}`);
    await expect(api.get(`/v2/projects/${id}`)).rejects.toMatchObject({ status: 404 });
  });

  it('forgets a droplet that is deleted, and a bucket that is deleted over S3', async () => {
    const { api, buckets } = await sampleAccount();
    const { id: server } = await droplet(api);
    buckets.add('snapshots');
    const { id } = await api.post('/v2/projects', PROJECT);
    await move(api, id, [`do:droplet:${server}`, 'do:space:snapshots']);
    await api.get(`/v2/projects/${id}/resources`);
    await api.delete(`/v2/droplets/${server}`);
    buckets.delete('snapshots');
    expect(await urnsIn(api, id)).toEqual([]);
  });

  it('names a reserved IP by its old name, whatever it was given', async () => {
    const { api } = await sampleAccount();
    const { ip } = await api.post('/v2/reserved_ips', { region: 'fra1' });
    const { id } = await api.post('/v2/projects', PROJECT);
    await move(api, id, [`do:reservedip:${ip}`]);
    expect(await urnsIn(api, id)).toEqual([`do:floatingip:${ip}`]);
  });

  it('gets a reserved IP along with its droplet, never without', async () => {
    const { api } = await sampleAccount();
    const { ip } = await api.post('/v2/reserved_ips', { region: 'fra1' });
    const { id: server } = await droplet(api);
    await assign(api, ip, server);
    const { id } = await api.post('/v2/projects', PROJECT);
    const message = 'Cannot move a Reserved IP with an associated Droplet. Move the Droplet instead';
    await expect(move(api, id, [`do:floatingip:${ip}`])).rejects.toMatchObject({ status: 412, message });
    const both = [`do:droplet:${server}`, `do:floatingip:${ip}`];
    await move(api, id, [...both].reverse());
    expect((await urnsIn(api, id)).sort()).toEqual(both);
  });

  it('cannot hold what is of another kind, and says of what is gone that it was not found', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/projects', PROJECT);
    await expect(move(api, id, ['do:vpc:7'])).rejects.toMatchObject({ status: 404 });
    const answer = await api.post(`/v2/projects/${id}/resources`, { resources: ['do:droplet:7'] });
    expect(answer).toMatchObject([{ urn: 'do:droplet:7', status: 'not_found' }]);
  });

  it('has a name of its own, and one of the known environments', async () => {
    const { api } = await sampleAccount();
    const staging = await api.post('/v2/projects', { ...PROJECT, environment: 'staging' });
    expect(staging).toMatchObject({ ...PROJECT, environment: 'Staging', description: '', is_default: false });
    const refusal = { status: 409, message: 'name is already in use' };
    await expect(api.post('/v2/projects', PROJECT)).rejects.toMatchObject(refusal);
    const holiday = { ...PROJECT, name: 'x', environment: 'holiday' };
    await expect(api.post('/v2/projects', holiday)).rejects.toMatchObject({ status: 422 });
  });

  it('changes what a change names, and can become the default, which cannot be deleted', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/projects', PROJECT);
    expect(await api.patch(`/v2/projects/${id}`, { is_default: true })).toMatchObject({ ...PROJECT, is_default: true });
    expect((await api.get('/v2/projects')).map((one: any) => one.is_default)).toEqual([false, true]);
    expect(await api.get('/v2/projects/default')).toMatchObject({ id });
    await expect(api.delete(`/v2/projects/${id}`)).rejects.toMatchObject({ status: 409 });
  });
});
