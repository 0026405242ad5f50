import { deleteDroplet, tagDroplet } from '#sandbox/cloud/account/droplets';
import { targetsOf } from '#sandbox/cloud/account/forwarders';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  getLoadBalancer,
  updateLoadBalancer,
} from '#sandbox/cloud/account/load-balancers';
import { createTag, deleteTag } from '#sandbox/cloud/account/tags';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { balancer, BALANCER_PLACE, droplet, removeSampleAccounts, sampleAccount } from './sample-account';

afterAll(removeSampleAccounts);

describe('a load balancer', () => {
  it('has an address of the sandbox and forwards its ports', async () => {
    const { session, runtime } = sampleAccount();
    const { id } = await droplet(session);
    const made = await createLoadBalancer(session, BALANCER_PLACE, balancer({ dropletIds: [id] }));
    expect(runtime.forwarders.get(`load-balancer-${made.id}`)).toEqual({
      address: made.ip,
      rules: [{ entryPort: 443, targetPort: 30443 }],
      targets: ['127.77.0.2'],
      keepsAddress: false,
    });
    expect(made.ip).toBe('127.77.0.3');
  });

  it('follows its tag as droplets come, change and go, within its VPC', async () => {
    const { session, runtime, account } = sampleAccount();
    const vpc = await createVpc(session, { name: 'forge', region: 'fra1' });
    await createTag(session, 'worker');
    const place = { ...BALANCER_PLACE, vpcId: vpc.id };
    const made = await createLoadBalancer(session, place, balancer({ tag: 'worker' }));
    const targets = () => runtime.forwarders.get(`load-balancer-${made.id}`)?.targets;
    expect(targets()).toEqual([]);

    const one = await droplet(session, { vpcId: vpc.id, tags: ['worker'] });
    const two = await droplet(session, { vpcId: vpc.id });
    await droplet(session, { tags: ['worker'] });
    expect(targets()).toEqual([one.publicAddress]);
    await tagDroplet(session, two.id, ['worker']);
    expect(targets()).toEqual([one.publicAddress, two.publicAddress]);
    await deleteDroplet(session, one.id);
    expect(targets()).toEqual([two.publicAddress]);
    await deleteTag(session, 'worker');
    expect(targets()).toEqual([]);
    expect(targetsOf(account.state, made)).toEqual([]);
  });

  it('stops forwarding when it is deleted', async () => {
    const { session, runtime } = sampleAccount();
    const { id } = await createLoadBalancer(session, BALANCER_PLACE, balancer());
    await deleteLoadBalancer(session, id);
    expect([...runtime.forwarders.keys()]).toEqual([]);
    await expect(getLoadBalancer(session, id)).rejects.toMatchObject({ status: 404 });
  });

  it('forwards other ports after an update', async () => {
    const { session, runtime } = sampleAccount();
    const { id } = await createLoadBalancer(session, BALANCER_PLACE, balancer());
    const [rule] = balancer().forwardingRules;
    await updateLoadBalancer(session, id, balancer({ forwardingRules: [{ ...rule!, entryPort: 8443 }] }));
    expect(runtime.forwarders.get(`load-balancer-${id}`)?.rules).toEqual([{ entryPort: 8443, targetPort: 30443 }]);
  });

  it('is told to the runtime again when that refused', async () => {
    const { session, runtime, account } = sampleAccount();
    const forward = runtime.forward.bind(runtime);
    runtime.forward = () => Promise.reject(new Error('address in use'));
    await expect(createLoadBalancer(session, BALANCER_PLACE, balancer())).rejects.toThrow('address in use');
    runtime.forward = forward;
    await droplet(session);
    expect([...runtime.forwarders.keys()]).toEqual([`load-balancer-${account.state.loadBalancers[0]!.id}`]);
  });

  const [tcp] = balancer().forwardingRules;
  it.each([
    [{ name: 'my lb' }, {}, 'name must start with'],
    [{ sizeUnit: 0 }, {}, 'size_unit must be between 1 and 200'],
    [{ httpIdleTimeoutSeconds: 29 }, {}, 'http_idle_timeout_seconds must be between 30 and 600'],
    [{ httpIdleTimeoutSeconds: 601 }, {}, 'http_idle_timeout_seconds must be between 30 and 600'],
    [{ tag: 'none' }, {}, 'tag none does not exist'],
    [{ dropletIds: [7] }, {}, 'droplet 7 does not exist'],
    [{ forwardingRules: [] }, {}, 'at least one forwarding rule'],
    [{ forwardingRules: [tcp!, tcp!] }, {}, 'different entry ports'],
    [{ forwardingRules: [{ ...tcp!, entryProtocol: 'https' }] }, { type: 'REGIONAL_NETWORK' }, 'only tcp and udp'],
    [{ allow: ['192.0.2.1'] }, {}, 'invalid firewall source: 192.0.2.1'],
    [{}, { region: 'fra9' }, 'region is invalid'],
    [{}, { type: 'GLOBAL' }, 'not part of the emulated cloud'],
  ])('is refused with %j %j', async (settings, place, message) => {
    const { session } = sampleAccount();
    const made = createLoadBalancer(session, { ...BALANCER_PLACE, ...place }, balancer(settings));
    await expect(made).rejects.toThrow(message);
  });

  it('needs a name of its own and room in the quota', async () => {
    const { session } = sampleAccount({ quotas: { loadBalancers: 2 } });
    await createLoadBalancer(session, BALANCER_PLACE, balancer({ allow: ['cidr:192.0.2.0/24', 'ip:192.0.2.1'] }));
    await expect(createLoadBalancer(session, BALANCER_PLACE, balancer())).rejects.toMatchObject({ status: 409 });
    await createLoadBalancer(session, BALANCER_PLACE, balancer({ name: 'second' }));
    const third = createLoadBalancer(session, BALANCER_PLACE, balancer({ name: 'third' }));
    await expect(third).rejects.toThrow('load balancer limit exceeded');
  });
});
