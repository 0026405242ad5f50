import { deleteDroplet } from '#sandbox/cloud/account/droplets';
import { assignResources, createProject } from '#sandbox/cloud/account/projects';
import {
  assignReservedIp,
  createReservedIp,
  deleteReservedIp,
  getReservedIp,
  unassignReservedIp,
} from '#sandbox/cloud/account/reserved-ips';
import { droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

describe('a reserved IP', () => {
  it('leads to its droplet, and to the next one when that takes over', async () => {
    const { session, runtime } = sampleAccount();
    const { ip } = await createReservedIp(session, 'fra1');
    const first = await droplet(session);
    const second = await droplet(session);
    await assignReservedIp(session, ip, first.id);
    expect(runtime.forwarders.get(`reserved-ip-${ip}`)).toEqual({
      address: ip,
      rules: [{ entryPort: 6443, targetPort: 6443 }],
      targets: [first.publicAddress],
    });
    await assignReservedIp(session, ip, second.id);
    expect(runtime.forwarders.get(`reserved-ip-${ip}`)?.targets).toEqual([second.publicAddress]);
  });

  it('leads nowhere once it is unassigned, its droplet is gone or it is deleted', async () => {
    const { session, runtime } = sampleAccount();
    const { ip } = await createReservedIp(session, 'fra1');
    const first = await droplet(session);
    await assignReservedIp(session, ip, first.id);
    await unassignReservedIp(session, ip);
    expect(runtime.forwarders.size).toBe(0);
    await assignReservedIp(session, ip, first.id);
    await deleteDroplet(session, first.id);
    expect(runtime.forwarders.size).toBe(0);
    await deleteReservedIp(session, ip);
    await expect(getReservedIp(session, ip)).rejects.toMatchObject({ status: 404 });
  });

  it('belongs to a droplet of its region that has no other', async () => {
    const { session } = sampleAccount();
    const { id } = await droplet(session);
    const here = await createReservedIp(session, 'fra1');
    const elsewhere = await createReservedIp(session, 'ams3');
    await expect(assignReservedIp(session, elsewhere.ip, id)).rejects.toThrow('same region');
    await expect(assignReservedIp(session, here.ip, 7)).rejects.toMatchObject({ status: 404 });
    await assignReservedIp(session, here.ip, id);
    const second = await createReservedIp(session, 'fra1');
    await expect(assignReservedIp(session, second.ip, id)).rejects.toThrow('already has a Reserved IP');
    await expect(unassignReservedIp(session, second.ip)).rejects.toMatchObject({ status: 422 });
  });

  it('and its droplet take part in one event at a time', async () => {
    const { session, account } = sampleAccount();
    const { ip } = await createReservedIp(session, 'fra1');
    const { id } = await droplet(session);
    const urns = [`do:droplet:${id}`, `do:floatingip:${ip}`];
    const { id: project } = await createProject(session, { name: 'a', description: '', purpose: 'b', environment: '' });
    account.conditions.latency = { 'reserved_ip:read': 500, 'project:read': 500 };

    const assignment = assignReservedIp(session, ip, id);
    await expect(assignResources(session, project, urns)).rejects.toMatchObject({
      status: 422,
      message: 'Droplet already has a pending event.',
    });
    await assignment;
    const move = assignResources(session, project, urns);
    await expect(unassignReservedIp(session, ip)).rejects.toMatchObject({
      status: 422,
      message: 'The Reserved IP already has a pending event.',
    });
    await move;
    await unassignReservedIp(session, ip);
  });

  it('is refused beyond the quota of three, and in a region that does not exist', async () => {
    const { session } = sampleAccount();
    await expect(createReservedIp(session, 'fra9')).rejects.toThrow('region is invalid');
    for (let made = 0; made < 3; made += 1) await createReservedIp(session, 'fra1');
    await expect(createReservedIp(session, 'fra1')).rejects.toThrow('reserved IP limit exceeded');
  });
});
