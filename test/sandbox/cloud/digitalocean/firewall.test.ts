import { addressOf, balancer, droplet, firewall, SSH } from './samples';
import { sampleAccount } from './sample-account';

const FIREWALLS = '/v2/firewalls';
const FROM_ALL = { addresses: ['0.0.0.0/0', '::/0', '192.0.2.1'] };
/** A firewall with one rule for what comes in. */
const inbound = (change: object) => firewall({ inbound_rules: [{ ...SSH, ...change }] });

describe('a firewall', () => {
  it('keeps its rules as given, its tags and droplets', async () => {
    const { api } = await sampleAccount();
    const { id } = await droplet(api, { tags: ['forge'] });
    const all = { protocol: 'icmp', destinations: { addresses: ['0.0.0.0/0'] } };
    const wanted = firewall({ tags: ['forge'], droplet_ids: [id], outbound_rules: [all] });
    const made = await api.post(FIREWALLS, wanted);
    // The API keeps the ports of icmp, and `all`, as 0.
    const told = { ...wanted, outbound_rules: [{ ...all, ports: '0' }], status: 'succeeded' };
    expect(made).toMatchObject(told);
    expect(await api.get(`${FIREWALLS}/${made.id}`)).toMatchObject(told);
    expect(await api.get(FIREWALLS)).toMatchObject([told]);
  });

  it('tells the machines what it lets through, together with others, and when it is gone', async () => {
    const { api, machines } = await sampleAccount();
    const { id } = await droplet(api, { tags: ['node'] });
    expect(machines.filters.get(id)).toBeUndefined();
    const { id: entrance } = await api.post('/v2/load_balancers', balancer());
    const rule = { protocol: 'tcp', ports: '30080', sources: { load_balancer_uids: [entrance], tags: ['node'] } };
    const made = await api.post(FIREWALLS, firewall({ tags: ['node'], inbound_rules: [rule] }));
    await api.post(
      FIREWALLS,
      firewall({ name: 'more', droplet_ids: [id], outbound_rules: [{ protocol: 'icmp', destinations: FROM_ALL }] }),
    );
    const more = {
      inbound: [{ protocol: 'tcp', ports: '22', peers: ['192.0.2.0/24'], forwarders: [] }],
      outbound: [{ protocol: 'icmp', peers: FROM_ALL.addresses, forwarders: [] }],
    };
    const own = addressOf(await api.get(`/v2/droplets/${id}`), 'private');
    const first = { protocol: 'tcp', ports: '30080', peers: [own], forwarders: [`load-balancer-${entrance}`] };
    expect(machines.filters.get(id)).toEqual({ ...more, inbound: [first, ...more.inbound] });
    await api.delete(`${FIREWALLS}/${made.id}`);
    expect(machines.filters.get(id)).toEqual(more);
  });

  it('is replaced as a whole by an update', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post(
      FIREWALLS,
      firewall({ outbound_rules: [{ protocol: 'icmp', destinations: FROM_ALL }] }),
    );
    await api.put(`${FIREWALLS}/${id}`, inbound({ ports: '80' }));
    expect(await api.get(`${FIREWALLS}/${id}`)).toMatchObject({ inbound_rules: [{ ports: '80' }], outbound_rules: [] });
  });

  it('needs a name that no other firewall has', async () => {
    const { api } = await sampleAccount();
    await api.post(FIREWALLS, firewall());
    const refusal = { status: 409, id: 'conflict', message: 'duplicate name' };
    await expect(api.post(FIREWALLS, firewall())).rejects.toMatchObject(refusal);
  });

  it('can only name tags, droplets and load balancers that exist', async () => {
    const { api } = await sampleAccount();
    const make = (body: object) => api.post(FIREWALLS, body);
    await expect(make(firewall({ tags: ['none'] }))).rejects.toThrow('tag none does not exist');
    await expect(make(firewall({ droplet_ids: [7] }))).rejects.toThrow('droplet 7 does not exist');
    await expect(make(inbound({ sources: { tags: ['none'] } }))).rejects.toThrow('tag none does not exist');
    const from = (id: string) => inbound({ sources: { load_balancer_uids: [id] } });
    await expect(make(from('none'))).rejects.toThrow('load balancer does not exist');
    const { id } = await api.post('/v2/load_balancers', balancer());
    await make(from(id));
  });

  it.each(['0', '22', '1-65535', '8000-9000', 'all'])('takes the ports %s', async (ports) => {
    const { api } = await sampleAccount();
    await api.post(FIREWALLS, inbound({ ports }));
  });

  it.each(['', 'many', '70000', '90-80', '0-10', '22,80'])('refuses the ports "%s"', async (ports) => {
    const { api } = await sampleAccount();
    await expect(api.post(FIREWALLS, inbound({ ports }))).rejects.toThrow(`invalid ports: ${ports}`);
  });

  it('refuses an unknown protocol, ports with icmp, a rule for nobody and a wrong address', async () => {
    const { api } = await sampleAccount();
    const make = (change: object) => api.post(FIREWALLS, inbound(change));
    await expect(make({ protocol: 'sctp' })).rejects.toMatchObject({ status: 422 });
    await expect(make({ protocol: 'icmp', ports: '22' })).rejects.toThrow('invalid ports: 22');
    await expect(make({ sources: {} })).rejects.toThrow('at least one source');
    await expect(make({ sources: { addresses: ['10.0.0.0/33'] } })).rejects.toThrow('invalid address');
    await make({ sources: FROM_ALL });
  });

  it('has at least one rule, at most fifty, at most five tags and ten droplets', async () => {
    const { api } = await sampleAccount();
    const make = (change: object) => api.post(FIREWALLS, firewall(change));
    await expect(make({ inbound_rules: [] })).rejects.toThrow('at least one rule');
    await expect(make({ inbound_rules: Array(51).fill(SSH) })).rejects.toThrow('more than 50 rules');
    await expect(make({ tags: [...'abcdef'] })).rejects.toThrow('more than 5 tags');
    await expect(make({ droplet_ids: Array(11).fill(1) })).rejects.toThrow('more than 10 droplets');
  });

  it('is gone after its deletion', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post(FIREWALLS, firewall());
    await api.delete(`${FIREWALLS}/${id}`);
    await expect(api.get(`${FIREWALLS}/${id}`)).rejects.toMatchObject({ status: 404 });
  });
});
