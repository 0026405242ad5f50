import { addressOf, assign, droplet, PROJECT, unassign } from './samples';
import { sampleAccount } from './sample-account';

const FRA1 = { region: 'fra1' };

describe('a reserved IP', () => {
  it('leads to its droplet, and to the next one when that takes over', async () => {
    const { api, machines } = await sampleAccount();
    const { ip } = await api.post('/v2/reserved_ips', FRA1);
    expect(await api.get('/v2/reserved_ips')).toMatchObject([{ ip, droplet: null, region: { slug: 'fra1' } }]);
    const first = await droplet(api);
    const second = await droplet(api);
    await assign(api, ip, first.id);
    expect(machines.forwarders.get(`reserved-ip-${ip}`)).toEqual({
      address: ip,
      rules: [{ entryPort: 6443, targetPort: 6443 }],
      targets: [addressOf(first, 'public')],
    });
    await assign(api, ip, second.id);
    expect(await api.get(`/v2/reserved_ips/${ip}`)).toMatchObject({ droplet: { id: second.id } });
    expect(machines.forwarders.get(`reserved-ip-${ip}`)?.targets).toEqual([addressOf(second, 'public')]);
  });

  it('leads nowhere once it is unassigned, its droplet is gone or it is deleted', async () => {
    const { api, machines } = await sampleAccount();
    const { ip } = await api.post('/v2/reserved_ips', FRA1);
    const { id } = await droplet(api);
    await assign(api, ip, id);
    await unassign(api, ip);
    expect(machines.forwarders.size).toBe(0);
    await assign(api, ip, id);
    await api.delete(`/v2/droplets/${id}`);
    expect(machines.forwarders.size).toBe(0);
    await api.delete(`/v2/reserved_ips/${ip}`);
    await expect(api.get(`/v2/reserved_ips/${ip}`)).rejects.toMatchObject({ status: 404 });
  });

  it('belongs to a droplet of its region that has no other', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api);
    const here = await api.post('/v2/reserved_ips', FRA1);
    const elsewhere = await api.post('/v2/reserved_ips', { region: 'ams3' });
    await expect(assign(api, elsewhere.ip, id)).rejects.toThrow('same region');
    await expect(assign(api, here.ip, 7)).rejects.toMatchObject({ status: 404 });
    await assign(api, here.ip, id);
    const second = await api.post('/v2/reserved_ips', FRA1);
    await expect(assign(api, second.ip, id)).rejects.toThrow('already has a Reserved IP');
    await expect(unassign(api, second.ip)).rejects.toMatchObject({ status: 422 });
  });

  it('and its droplet take part in one event at a time, a move to a project included', async () => {
    const { api } = await sampleAccount();
    const { ip } = await api.post('/v2/reserved_ips', FRA1);
    const { id } = await droplet(api);
    const project = await api.post('/v2/projects', PROJECT);
    const move = { resources: [`do:droplet:${id}`, `do:floatingip:${ip}`] };
    const path = `/v2/reserved_ips/${ip}/actions`;

    const assignment = await api.post(path, { type: 'assign', droplet_id: id });
    expect(assignment).toMatchObject({ status: 'in-progress', type: 'assign_ip' });
    await expect(api.post(`/v2/projects/${project.id}/resources`, move)).rejects.toMatchObject({
      status: 422,
      message: 'Droplet already has a pending event.',
    });
    expect(await api.get(`${path}/${assignment.id}`)).toMatchObject({ status: 'completed' });
    await api.post(`/v2/projects/${project.id}/resources`, move);
    await expect(unassign(api, ip)).rejects.toMatchObject({
      status: 422,
      message: 'The Reserved IP already has a pending event.',
    });
    await api.get(`/v2/projects/${project.id}/resources`);
    await unassign(api, ip);
  });

  it('is refused beyond the quota of three, and in a region that does not exist', async () => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/reserved_ips', { region: 'fra9' })).rejects.toThrow('region is invalid');
    for (let made = 0; made < 3; made += 1) await api.post('/v2/reserved_ips', FRA1);
    await expect(api.post('/v2/reserved_ips', FRA1)).rejects.toThrow('reserved IP limit exceeded');
  });
});
