import { createFirewall, deleteFirewall, getFirewall, updateFirewall } from '#sandbox/cloud/account/firewalls';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { createTag } from '#sandbox/cloud/account/tags';
import {
  balancer,
  BALANCER_PLACE,
  droplet,
  firewall,
  NOBODY,
  removeSampleAccounts,
  rule,
  sampleAccount,
} from './sample-account';

afterAll(removeSampleAccounts);

describe('a firewall', () => {
  it('keeps its rules, tags and droplets', async () => {
    const { session } = sampleAccount();
    await createTag(session, 'forge');
    const { id: dropletId } = await droplet(session);
    const wanted = firewall({ tags: ['forge'], dropletIds: [dropletId], outbound: [rule({ ports: '1-65535' })] });
    const { id } = await createFirewall(session, wanted);
    await expect(getFirewall(session, id)).resolves.toMatchObject(wanted);
  });

  it('is replaced as a whole by an update', async () => {
    const { session } = sampleAccount();
    const { id } = await createFirewall(session, firewall({ outbound: [rule()] }));
    await updateFirewall(session, id, firewall({ inbound: [rule({ ports: '80' })] }));
    await expect(getFirewall(session, id)).resolves.toMatchObject({ inbound: [{ ports: '80' }], outbound: [] });
  });

  it('needs a name that no other firewall has', async () => {
    const { session } = sampleAccount();
    await createFirewall(session, firewall());
    await expect(createFirewall(session, firewall())).rejects.toMatchObject({
      status: 409,
      id: 'conflict',
      message: 'duplicate name',
    });
  });

  it('can only name tags, droplets and load balancers that exist', async () => {
    const { session } = sampleAccount();
    await expect(createFirewall(session, firewall({ tags: ['none'] }))).rejects.toThrow('tag none does not exist');
    await expect(createFirewall(session, firewall({ dropletIds: [7] }))).rejects.toThrow('droplet 7 does not exist');
    const from = (peers: Partial<typeof NOBODY>) => firewall({ inbound: [rule({ peers: { ...NOBODY, ...peers } })] });
    await expect(createFirewall(session, from({ tags: ['none'] as never }))).rejects.toThrow('tag none does not exist');
    await expect(createFirewall(session, from({ loadBalancerIds: ['none'] as never }))).rejects.toThrow(
      'load balancer does not exist',
    );
    const { id } = await createLoadBalancer(session, BALANCER_PLACE, balancer());
    await createFirewall(session, from({ loadBalancerIds: [id] as never }));
  });

  it.each(['0', '22', '1-65535', '8000-9000'])('takes the ports %s', async (ports) => {
    const { session } = sampleAccount();
    await createFirewall(session, firewall({ inbound: [rule({ ports })] }));
  });

  it.each(['', 'all', '70000', '90-80', '0-10', '22,80'])('refuses the ports "%s"', async (ports) => {
    const { session } = sampleAccount();
    await expect(createFirewall(session, firewall({ inbound: [rule({ ports })] }))).rejects.toThrow(
      `invalid ports: ${ports}`,
    );
  });

  it('refuses an unknown protocol, ports with icmp, a rule for nobody and a wrong address', async () => {
    const { session } = sampleAccount();
    const make = (change: Parameters<typeof rule>[0]) => createFirewall(session, firewall({ inbound: [rule(change)] }));
    await expect(make({ protocol: 'sctp' })).rejects.toThrow('invalid protocol: sctp');
    await expect(make({ protocol: 'icmp', ports: '22' })).rejects.toThrow('invalid ports: 22');
    await expect(make({ peers: NOBODY })).rejects.toThrow('at least one source');
    await expect(make({ peers: { ...NOBODY, addresses: ['10.0.0.0/33'] } })).rejects.toThrow('invalid address');
    await make({ peers: { ...NOBODY, addresses: ['0.0.0.0/0', '::/0', '192.0.2.1'] } });
  });

  it('has at least one rule, at most fifty, at most five tags and ten droplets', async () => {
    const { session } = sampleAccount();
    const make = (change: Parameters<typeof firewall>[0]) => createFirewall(session, firewall(change));
    await expect(make({ inbound: [] })).rejects.toThrow('at least one rule');
    await expect(make({ inbound: Array.from({ length: 51 }, () => rule()) })).rejects.toThrow('more than 50 rules');
    await expect(make({ tags: ['a', 'b', 'c', 'd', 'e', 'f'] })).rejects.toThrow('more than 5 tags');
    await expect(make({ dropletIds: Array.from({ length: 11 }, (_, id) => id) })).rejects.toThrow(
      'more than 10 droplets',
    );
  });

  it('is gone after its deletion', async () => {
    const { session } = sampleAccount();
    const { id } = await createFirewall(session, firewall());
    await deleteFirewall(session, id);
    await expect(getFirewall(session, id)).rejects.toMatchObject({ status: 404 });
  });
});
