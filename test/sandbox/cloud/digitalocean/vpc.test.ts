import { balancer, droplet } from './samples';
import { sampleAccount } from './sample-account';

const forge = { name: 'forge', region: 'fra1', ip_range: '10.110.0.0/20' };

describe('a VPC', () => {
  it('is made with the range asked for', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/vpcs', { ...forge, description: 'all of it' });
    const urn = `do:vpc:${id}`;
    expect(await api.get(`/v2/vpcs/${id}`)).toMatchObject({ ...forge, urn, description: 'all of it', default: false });
  });

  it('gets a free /20 when no range is asked for', async () => {
    const { api } = await sampleAccount();
    for (const name of ['one', 'two']) await api.post('/v2/vpcs', { name, region: 'fra1' });
    expect(await api.get('/v2/vpcs')).toMatchObject([{ ip_range: '10.100.0.0/20' }, { ip_range: '10.100.16.0/20' }]);
  });

  it('needs a name that no other VPC has', async () => {
    const { api } = await sampleAccount();
    await api.post('/v2/vpcs', forge);
    const message = 'a VPC with the same name already exists in your account';
    const again = api.post('/v2/vpcs', { ...forge, ip_range: '10.120.0.0/20' });
    await expect(again).rejects.toMatchObject({ status: 422, id: 'unprocessable_entity', message });
    const { id } = await api.post('/v2/vpcs', { name: 'other', region: 'fra1' });
    await expect(api.put(`/v2/vpcs/${id}`, { name: 'forge' })).rejects.toMatchObject({ status: 422, message });
  });

  it('must not overlap another one, in whatever region', async () => {
    const { api } = await sampleAccount();
    await api.post('/v2/vpcs', forge);
    const other = api.post('/v2/vpcs', { name: 'other', region: 'ams3', ip_range: '10.110.8.0/24' });
    await expect(other).rejects.toMatchObject({
      status: 422,
      message: 'This range/size overlaps with another VPC network in your account: forge 10.110.0.0/20.',
    });
  });

  it.each([
    ['10.0.0.0/15', /between .16 and .28/],
    ['10.0.0.0/29', /between .16 and .28/],
    ['8.8.0.0/16', /private address space/],
    ['172.31.0.0/12', /not a valid IP range/],
    ['10.244.0.0/20', /reserved/],
    ['10.110.0.1/20', /not a valid IP range/],
    ['fd00::/64', /not a valid IP range/],
    ['anything', /not a valid IP range/],
  ])('refuses the range %s', async (ip_range, reason) => {
    const { api } = await sampleAccount();
    await expect(api.post('/v2/vpcs', { ...forge, ip_range })).rejects.toThrow(reason);
  });

  it('refuses a region that does not exist and a name with a space', async () => {
    const { api } = await sampleAccount();
    for (const change of [{ region: 'fra9' }, { name: 'my forge' }]) {
      await expect(api.post('/v2/vpcs', { ...forge, ...change })).rejects.toMatchObject({ status: 422 });
    }
  });

  it('keeps its range when it is renamed', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/vpcs', forge);
    const renamed = await api.put(`/v2/vpcs/${id}`, { name: 'renamed' });
    expect(renamed).toMatchObject({ name: 'renamed', ip_range: forge.ip_range });
  });

  it('cannot be deleted while it has members', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post('/v2/vpcs', forge);
    const member = await droplet(api, { vpc_uuid: id });
    const entrance = await api.post('/v2/load_balancers', balancer({ vpc_uuid: id }));
    const refusal = { status: 409, id: 'conflict', message: 'Can not delete VPC with members' };
    await expect(api.delete(`/v2/vpcs/${id}`)).rejects.toMatchObject(refusal);
    await api.delete(`/v2/droplets/${member.id}`);
    await expect(api.delete(`/v2/vpcs/${id}`)).rejects.toMatchObject(refusal);
    await api.delete(`/v2/load_balancers/${entrance.id}`);
    await api.delete(`/v2/vpcs/${id}`);
    await expect(api.get(`/v2/vpcs/${id}`)).rejects.toMatchObject({ status: 404, id: 'not_found' });
  });
});
