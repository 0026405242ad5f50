import { createVpc, deleteVpc, getVpc, updateVpc } from '#sandbox/cloud/account/vpcs';
import { deleteDroplet } from '#sandbox/cloud/account/droplets';
import { createLoadBalancer, deleteLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { balancer, BALANCER_PLACE, droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

describe('a VPC', () => {
  const forge = { name: 'forge', region: 'fra1', ipRange: '10.110.0.0/20' };

  it('is made with the range asked for', async () => {
    const { session } = sampleAccount();
    const { id } = await createVpc(session, { ...forge, description: 'all of it' });
    await expect(getVpc(session, id)).resolves.toMatchObject({ ...forge, description: 'all of it', default: false });
  });

  it('gets a free /20 when no range is asked for', async () => {
    const { session } = sampleAccount();
    const first = await createVpc(session, { name: 'one', region: 'fra1' });
    const second = await createVpc(session, { name: 'two', region: 'fra1' });
    expect([first.ipRange, second.ipRange]).toEqual(['10.100.0.0/20', '10.100.16.0/20']);
  });

  it('needs a name that no other VPC has', async () => {
    const { session } = sampleAccount();
    await createVpc(session, forge);
    const again = createVpc(session, { ...forge, ipRange: '10.120.0.0/20' });
    await expect(again).rejects.toMatchObject({
      status: 422,
      id: 'unprocessable_entity',
      message: 'a VPC with the same name already exists in your account',
    });
  });

  it('must not overlap another one, in whatever region', async () => {
    const { session } = sampleAccount();
    await createVpc(session, forge);
    const other = createVpc(session, { name: 'other', region: 'ams3', ipRange: '10.110.8.0/24' });
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
  ])('refuses the range %s', async (ipRange, reason) => {
    const { session } = sampleAccount();
    await expect(createVpc(session, { ...forge, ipRange })).rejects.toThrow(reason);
  });

  it('refuses a region that does not exist and a name with a space', async () => {
    const { session } = sampleAccount();
    await expect(createVpc(session, { ...forge, region: 'fra9' })).rejects.toMatchObject({ status: 422 });
    await expect(createVpc(session, { ...forge, name: 'my forge' })).rejects.toMatchObject({ status: 422 });
  });

  it('keeps its range when it is renamed', async () => {
    const { session } = sampleAccount();
    const { id } = await createVpc(session, forge);
    await updateVpc(session, id, { name: 'renamed', description: '' });
    await expect(getVpc(session, id)).resolves.toMatchObject({ name: 'renamed', ipRange: forge.ipRange });
  });

  it('cannot be deleted while it has members', async () => {
    const { session } = sampleAccount();
    const { id: vpcId } = await createVpc(session, forge);
    const member = await droplet(session, { vpcId });
    const entrance = await createLoadBalancer(session, { ...BALANCER_PLACE, vpcId }, balancer());
    const refusal = { status: 409, id: 'conflict', message: 'Can not delete VPC with members' };
    await expect(deleteVpc(session, vpcId)).rejects.toMatchObject(refusal);
    await deleteDroplet(session, member.id);
    await expect(deleteVpc(session, vpcId)).rejects.toMatchObject(refusal);
    await deleteLoadBalancer(session, entrance.id);
    await deleteVpc(session, vpcId);
    await expect(getVpc(session, vpcId)).rejects.toMatchObject({ status: 404, id: 'not_found' });
  });
});
