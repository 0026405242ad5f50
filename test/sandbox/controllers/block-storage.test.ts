import { digitalOcean } from '#clients/digitalocean/client';
import { accountStorage } from '#sandbox/controllers/block-storage';
import { sampleAccount, TOKENS } from '../cloud/digitalocean/sample-account';
import { droplet } from '../cloud/digitalocean/samples';

/** With the token of the cluster, as the driver has it. */
async function storage() {
  const { api, url } = await sampleAccount();
  const client = digitalOcean({ DIGITALOCEAN_TOKEN: TOKENS.cluster, DIGITALOCEAN_API_URL: url });
  return { api, storage: accountStorage({ client, region: 'fra1', tag: 'forge-production' }) };
}

describe('the volumes of claims', () => {
  it('are volumes of the account, with the tag of the cluster', async () => {
    const { api, storage: volumes } = await storage();
    const id = await volumes.create('pvc-1', 10);
    expect(await api.get('/v2/volumes')).toMatchObject([
      { id, name: 'pvc-1', size_gigabytes: 10, region: { slug: 'fra1' }, tags: ['forge-production'] },
    ]);
  });

  it('are made, grown and deleted once, however often it is asked', async () => {
    const { api, storage: volumes } = await storage();
    const id = await volumes.create('pvc-1', 10);
    expect(await volumes.create('pvc-1', 10)).toBe(id);
    for (const size of [20, 20, 15]) await volumes.resize(id, size);
    expect(await api.get('/v2/volumes')).toMatchObject([{ id, size_gigabytes: 20 }]);
    for (let times = 0; times < 2; times += 1) await volumes.delete(id);
    expect(await api.get('/v2/volumes')).toEqual([]);
  });

  it('are not deleted while a droplet has them', async () => {
    const { api, storage: volumes } = await storage();
    const id = await volumes.create('pvc-1', 10);
    const { id: droplet_id } = await droplet(api);
    await api.post(`/v2/volumes/${id}/actions`, { type: 'attach', droplet_id });
    await expect(volumes.delete(id)).rejects.toThrow('attached');
  });
});
