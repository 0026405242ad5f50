import { client } from './client';
import { addressOf, balancer, droplet, PROJECT, TCP } from './samples';
import { sampleAccount, TOKENS, type SampleAccount } from './sample-account';

const BALANCERS = '/v2/load_balancers';
const forwarderOf = ({ machines }: SampleAccount, { id }: { id: string }) =>
  machines.forwarders.get(`load-balancer-${id}`);

describe('a load balancer', () => {
  it('has an address of the sandbox and forwards its ports', async () => {
    const sample = await sampleAccount();
    const { id } = await droplet(sample.api);
    const made = await sample.api.post(BALANCERS, balancer({ droplet_ids: [id] }));
    expect(made.ip).toBe('127.77.0.3');
    expect(forwarderOf(sample, made)).toEqual({
      address: made.ip,
      rules: [{ entryPort: 443, targetPort: 30443 }],
      proxyProtocol: false,
      healthCheckPort: 80,
      targets: ['127.77.0.2'],
      keepsAddress: false,
    });
  });

  it('is told with the documented defaults, among them a path for checks over http only', async () => {
    const { api } = await sampleAccount();
    const { id } = await api.post(BALANCERS, balancer());
    expect(await api.get(`${BALANCERS}/${id}`)).toMatchObject({
      name: 'entrance',
      status: 'active',
      forwarding_rules: [{ ...TCP, tls_passthrough: false }],
      health_check: { protocol: 'http', port: 80, path: '/', check_interval_seconds: 10 },
      sticky_sessions: { type: 'none' },
      http_idle_timeout_seconds: 60,
      size_unit: 1,
    });
    const tcp = { protocol: 'tcp', port: 30443 };
    const over = await api.post(BALANCERS, balancer({ name: 'over-tcp', health_check: tcp }));
    expect(over.health_check.path ?? '').toBe('');
  });

  it('keeps the address of the caller when it is a network load balancer', async () => {
    const sample = await sampleAccount();
    const made = await sample.api.post(BALANCERS, balancer({ type: 'REGIONAL_NETWORK' }));
    expect(forwarderOf(sample, made)).toMatchObject({ keepsAddress: true });
  });

  it('goes to the project that it names', async () => {
    const { api } = await sampleAccount();
    const { id: project_id } = await api.post('/v2/projects', PROJECT);
    const { id } = await api.post(BALANCERS, balancer({ project_id }));
    expect(await api.get(`${BALANCERS}/${id}`)).toMatchObject({ project_id });
    expect(await api.get(`/v2/projects/${project_id}/resources`)).toMatchObject([{ urn: `do:loadbalancer:${id}` }]);
  });

  it('follows its tag as droplets come, change and go, within its VPC', async () => {
    const sample = await sampleAccount();
    const { api } = sample;
    const { id: vpc_uuid } = await api.post('/v2/vpcs', { name: 'forge', region: 'fra1' });
    await api.post('/v2/tags', { name: 'worker' });
    const made = await api.post(BALANCERS, balancer({ vpc_uuid, tag: 'worker' }));
    const targets = () => forwarderOf(sample, made)?.targets;
    expect(targets()).toEqual([]);

    const one = await droplet(api, { vpc_uuid, tags: ['worker'] });
    const two = await droplet(api, { vpc_uuid });
    await droplet(api, { tags: ['worker'] });
    expect(targets()).toEqual([addressOf(one, 'public')]);
    const resources = [{ resource_id: `${two.id}`, resource_type: 'droplet' }];
    await api.post('/v2/tags/worker/resources', { resources });
    expect(targets()).toEqual([addressOf(one, 'public'), addressOf(two, 'public')]);
    expect(await api.get(`${BALANCERS}/${made.id}`)).toMatchObject({ droplet_ids: [one.id, two.id] });
    await api.delete(`/v2/droplets/${one.id}`);
    expect(targets()).toEqual([addressOf(two, 'public')]);
    await api.delete('/v2/tags/worker');
    expect(targets()).toEqual([]);
  });

  it('forwards other ports after an update, and none once it is deleted', async () => {
    const sample = await sampleAccount();
    const made = await sample.api.post(BALANCERS, balancer());
    const path = `${BALANCERS}/${made.id}`;
    await sample.api.put(path, balancer({ forwarding_rules: [{ ...TCP, entry_port: 8443 }] }));
    expect(forwarderOf(sample, made)?.rules).toEqual([{ entryPort: 8443, targetPort: 30443 }]);
    await sample.api.delete(path);
    expect(sample.machines.forwarders.size).toBe(0);
    await expect(sample.api.get(path)).rejects.toMatchObject({ status: 404 });
  });

  it('is told to the machines again when they refused', async () => {
    const { api, machines } = await sampleAccount();
    const { forward } = machines;
    machines.forward = () => Promise.reject(new Error('address in use'));
    await expect(api.post(BALANCERS, balancer())).rejects.toMatchObject({ status: 500 });
    machines.forward = forward;
    await droplet(api);
    const [{ id }] = await api.get(BALANCERS);
    expect([...machines.forwarders.keys()]).toEqual([`load-balancer-${id}`]);
  });

  it('can only be read with the token of the cluster', async () => {
    const { url } = await sampleAccount();
    const cluster = client(url, TOKENS.cluster);
    expect(await cluster.get(BALANCERS)).toEqual([]);
    await expect(cluster.post(BALANCERS, balancer())).rejects.toMatchObject({ status: 403 });
  });

  it.each([
    [{ name: 'my lb' }, 'name: must start with'],
    [{ size_unit: 0 }, 'size_unit: must be between 1 and 200'],
    [{ http_idle_timeout_seconds: 29 }, 'http_idle_timeout_seconds: must be between 30 and 600'],
    [{ http_idle_timeout_seconds: 601 }, 'http_idle_timeout_seconds: must be between 30 and 600'],
    [{ tag: 'none' }, 'tag none does not exist'],
    [{ droplet_ids: [7] }, 'droplet 7 does not exist'],
    [{ forwarding_rules: [] }, 'at least one forwarding rule'],
    [{ forwarding_rules: [TCP, TCP] }, 'different entry ports'],
    [{ type: 'REGIONAL_NETWORK', forwarding_rules: [{ ...TCP, entry_protocol: 'https' }] }, 'only tcp and udp'],
    [{ firewall: { allow: ['192.0.2.1'] } }, 'firewall.allow.0: invalid firewall source'],
    [{ region: 'fra9' }, 'region is invalid'],
    [{ type: 'GLOBAL' }, 'not part of the emulated cloud'],
  ])('is refused with %j', async (change, message) => {
    const { api } = await sampleAccount();
    await expect(api.post(BALANCERS, balancer(change))).rejects.toThrow(message);
  });

  it('needs a name of its own and room in the quota', async () => {
    const { api } = await sampleAccount({ quotas: { load_balancers: 2 } });
    await api.post(BALANCERS, balancer({ firewall: { allow: ['cidr:192.0.2.0/24', 'ip:192.0.2.1'] } }));
    await expect(api.post(BALANCERS, balancer())).rejects.toMatchObject({ status: 409 });
    await api.post(BALANCERS, balancer({ name: 'second' }));
    await expect(api.post(BALANCERS, balancer({ name: 'third' }))).rejects.toThrow('load balancer limit exceeded');
  });
});
