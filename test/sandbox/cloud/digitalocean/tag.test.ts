import type { Client } from './client';
import { balancer, droplet, firewall } from './samples';
import { sampleAccount } from './sample-account';

const volume = { name: 'data', region: 'fra1', size_gigabytes: 1 };

describe('a tag', () => {
  it('is made once, and making it again is no error', async () => {
    const { api } = await sampleAccount();
    for (let times = 0; times < 2; times += 1) await api.post('/v2/tags', { name: 'forge' });
    expect(await api.get('/v2/tags')).toHaveLength(1);
  });

  it('counts the droplets and volumes that carry it', async () => {
    const { api } = await sampleAccount();
    await droplet(api, { tags: ['forge:test_1'] });
    await api.post('/v2/volumes', { ...volume, tags: ['forge:test_1'] });
    const resources = { count: 2, droplets: { count: 1 }, volumes: { count: 1 } };
    expect(await api.get('/v2/tags/forge:test_1')).toMatchObject({ name: 'forge:test_1', resources });
  });

  it('is put on a droplet and taken off again, or comes off everything when it is deleted', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api, { tags: ['a', 'b'] });
    const tagsOf = async () => (await api.get(`/v2/droplets/${id}`)).tags;
    const resources = [{ resource_id: `${id}`, resource_type: 'droplet' }];
    await api.delete('/v2/tags/a/resources', { resources });
    expect(await tagsOf()).toEqual(['b']);
    await api.post('/v2/tags/a/resources', { resources });
    expect(await tagsOf()).toEqual(['b', 'a']);
    await api.delete('/v2/tags/a');
    expect(await tagsOf()).toEqual(['b']);
    await expect(api.get('/v2/tags/a')).rejects.toMatchObject({ status: 404 });
    await expect(api.post('/v2/tags/a/resources', { resources })).rejects.toMatchObject({ status: 404 });
  });

  it('can be put on a new droplet or volume only with the right to make tags, even if it exists', async () => {
    const { api, allowed } = await sampleAccount();
    await api.post('/v2/tags', { name: 'forge' });
    const narrow = allowed('droplet:create', 'droplet:read', 'actions:read', 'block_storage:create');
    const tags = ['forge'];
    await expect(droplet(narrow, { tags })).rejects.toMatchObject({ status: 403 });
    await expect(narrow.post('/v2/volumes', { ...volume, tags })).rejects.toMatchObject({ status: 403 });
    await droplet(narrow);
    await narrow.post('/v2/volumes', volume);
  });

  it.each([
    ['made by itself', (api: Client) => api.post('/v2/tags', { name: 'FORGE' })],
    ['on a droplet', (api: Client) => droplet(api, { tags: ['FORGE', 'forge', 'Forge'] })],
    ['on a volume', (api: Client) => api.post('/v2/volumes', { ...volume, tags: ['FORGE', 'forge'] })],
  ])('is one tag in any capitals, with those that it had first: again %s', async (_, make) => {
    const { api } = await sampleAccount();
    await api.post('/v2/tags', { name: 'Forge' });
    const made = await make(api);
    expect(made.tags ?? [made.name]).toEqual(['Forge']);
    expect(await api.get('/v2/tags')).toMatchObject([{ name: 'Forge' }]);
    await expect(api.get('/v2/tags/forge')).rejects.toMatchObject({ status: 404 });
  });

  it('has its own capitals in firewalls and load balancers, whatever they were given', async () => {
    const { api } = await sampleAccount();
    const { vpc_uuid } = await droplet(api, { tags: ['Forge'] });
    const inbound_rules = [{ protocol: 'tcp', ports: '22', sources: { tags: ['fOrge'] } }];
    const made = await api.post('/v2/firewalls', firewall({ tags: ['FORGE', 'forge'], inbound_rules }));
    expect(made).toMatchObject({ tags: ['Forge'], inbound_rules: [{ sources: { tags: ['Forge'] } }] });
    const { tag, droplet_ids } = await api.post('/v2/load_balancers', balancer({ tag: 'forge', vpc_uuid }));
    expect([tag, droplet_ids]).toEqual(['Forge', [expect.any(Number)]]);
    expect(await api.get('/v2/tags')).toHaveLength(1);
  });

  it('has a plain name', async () => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/tags', { name: 'a b' })).rejects.toMatchObject({ status: 422 });
  });
});
