import { deleteDroplet } from '../../../../sandbox/cloud/account/droplets';
import {
  assignReservedIp,
  createReservedIp,
  deleteReservedIp,
  getReservedIp,
  unassignReservedIp,
} from '../../../../sandbox/cloud/account/reserved-ips';
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

  it('is refused beyond the quota of three, and in a region that does not exist', async () => {
    const { session } = sampleAccount();
    await expect(createReservedIp(session, 'fra9')).rejects.toThrow('region is invalid');
    for (let made = 0; made < 3; made += 1) await createReservedIp(session, 'fra1');
    await expect(createReservedIp(session, 'fra1')).rejects.toThrow('reserved IP limit exceeded');
  });
});
