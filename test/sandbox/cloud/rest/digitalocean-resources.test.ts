import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { createTag } from '#sandbox/cloud/account/tags';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import { startDigitalOceanApi } from '#sandbox/cloud/rest/digitalocean/digitalocean-api';
import type { RunningApi } from '#sandbox/cloud/http/rest-server';
import {
  droplet,
  firewall,
  removeSampleAccounts,
  sampleAccount,
  TOKENS,
  type SampleAccount,
} from '../account/sample-account';
import { caller, type Call } from '../http/call';

const LOOPBACK = { address: '127.0.0.1', port: 0 };

let sample: SampleAccount;
let api: RunningApi;
let call: Call;

beforeEach(async () => {
  sample = sampleAccount();
  api = await startDigitalOceanApi(sample.account, LOOPBACK);
  call = caller(api.url, TOKENS.deploy);
});
afterEach(() => api.stop());
afterAll(removeSampleAccounts);

describe('/v2/droplets', () => {
  it('are found by their tag, and deleted with their machine', async () => {
    const { id } = await droplet(sample.session, { tags: ['forge'] });
    await droplet(sample.session, { name: 'other' });
    const { body } = await call('GET', '/v2/droplets?tag_name=forge');
    expect(body.droplets).toHaveLength(1);
    expect(body.droplets[0]).toMatchObject({
      id,
      name: 'node-1',
      status: 'active',
      memory: 4096,
      vcpus: 2,
      size_slug: 's-2vcpu-4gb',
      region: { slug: 'fra1' },
      tags: ['forge'],
    });
    expect(body.droplets[0].networks.v4.map(({ type }: { type: string }) => type)).toEqual(['private', 'public']);
    expect((await call('DELETE', `/v2/droplets/${id}`)).status).toBe(204);
    expect(sample.runtime.destroyed).toEqual([id]);
    expect((await call('GET', `/v2/droplets/${id}`)).status).toBe(404);
  });

  it('do not tell their user data, which holds secrets', async () => {
    await droplet(sample.session, { userData: 'planted-user-data' });
    expect(JSON.stringify((await call('GET', '/v2/droplets')).body)).not.toContain('planted-user-data');
  });
});

describe('/v2/firewalls', () => {
  const rules = {
    inbound_rules: [{ protocol: 'tcp', ports: '6443', sources: { addresses: ['192.0.2.7/32'] } }],
    outbound_rules: [{ protocol: 'icmp', destinations: { addresses: ['0.0.0.0/0'] } }],
  };

  it('are made with their rules as given, changed and deleted', async () => {
    await createTag(sample.session, 'forge');
    const made = await call('POST', '/v2/firewalls', { name: 'access', tags: ['forge'], ...rules });
    expect(made.status).toBe(202);
    expect(made.body.firewall).toMatchObject({
      name: 'access',
      status: 'succeeded',
      tags: ['forge'],
      droplet_ids: [],
      inbound_rules: rules.inbound_rules,
      outbound_rules: [{ protocol: 'icmp', ports: '0', destinations: { addresses: ['0.0.0.0/0'] } }],
    });
    const path = `/v2/firewalls/${made.body.firewall.id}`;
    await call('PUT', path, { name: 'access-2', ...rules });
    expect((await call('GET', path)).body.firewall).toMatchObject({ name: 'access-2', tags: [] });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', '/v2/firewalls')).body.firewalls).toEqual([]);
  });

  it('are refused with the rule that they break', async () => {
    await createFirewall(sample.session, firewall());
    expect(await call('POST', '/v2/firewalls', { name: 'nodes', ...rules })).toMatchObject({
      status: 409,
      body: { id: 'conflict', message: 'duplicate name' },
    });
    expect(await call('POST', '/v2/firewalls', rules)).toMatchObject({
      status: 422,
      body: { id: 'unprocessable_entity', message: expect.stringContaining('name') },
    });
  });

  it('are still there after a restart', async () => {
    await call('POST', '/v2/firewalls', { name: 'access', ...rules });
    expect(sample.reopen().state.firewalls.map(({ name }) => name)).toEqual(['access']);
  });
});

describe('/v2/load_balancers', () => {
  const rule = { entry_protocol: 'tcp', entry_port: 80, target_protocol: 'tcp', target_port: 30080 };

  it('are made, as the cloud controller does, and deleted', async () => {
    const { id } = await droplet(sample.session);
    const wanted = { name: 'entrance', region: 'fra1', forwarding_rules: [rule], droplet_ids: [id] };
    const made = await call('POST', '/v2/load_balancers', wanted);
    expect(made.status).toBe(202);
    expect(made.body.load_balancer).toMatchObject({
      name: 'entrance',
      status: 'active',
      droplet_ids: [id],
      forwarding_rules: [{ ...rule, tls_passthrough: false }],
      health_check: { protocol: 'http', port: 80 },
      sticky_sessions: { type: 'none' },
    });
    const path = `/v2/load_balancers/${made.body.load_balancer.id}`;
    expect((await call('GET', '/v2/load_balancers')).body.load_balancers).toHaveLength(1);
    expect((await call('GET', path)).status).toBe(200);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('can only be read with the token of the cluster', async () => {
    const narrow = caller(api.url, TOKENS.cluster);
    expect((await narrow('GET', '/v2/load_balancers')).status).toBe(200);
    const wanted = { name: 'entrance', region: 'fra1', forwarding_rules: [rule] };
    expect((await narrow('POST', '/v2/load_balancers', wanted)).status).toBe(403);
  });
});

describe('/v2/volumes', () => {
  const wanted = { name: 'pvc-1', region: 'fra1', size_gigabytes: 10, tags: ['forge'] };

  it('are made, as the volume driver does, and deleted once they are detached', async () => {
    const { id: dropletId } = await droplet(sample.session);
    const made = await caller(api.url, TOKENS.cluster)('POST', '/v2/volumes', wanted);
    expect(made.status).toBe(201);
    expect(made.body.volume).toMatchObject({ name: 'pvc-1', size_gigabytes: 10, droplet_ids: [], tags: ['forge'] });
    const path = `/v2/volumes/${made.body.volume.id}`;
    const attached = await call('POST', `${path}/actions`, { type: 'attach', droplet_id: dropletId });
    expect(attached).toMatchObject({ status: 202, body: { action: { status: 'completed', type: 'attach_volume' } } });
    expect(await call('DELETE', path)).toMatchObject({ status: 409, body: { id: 'conflict' } });
    await call('POST', `${path}/actions`, { type: 'detach', droplet_id: dropletId });
    expect((await call('DELETE', path)).status).toBe(204);
  });

  it('are found by name and region', async () => {
    await call('POST', '/v2/volumes', wanted);
    expect((await call('GET', '/v2/volumes?name=pvc-1&region=fra1')).body.volumes).toHaveLength(1);
    expect((await call('GET', '/v2/volumes?name=pvc-1&region=ams3')).body.volumes).toHaveLength(0);
  });
});

describe('/v2/vpcs', () => {
  it('are deleted once nothing is in them', async () => {
    const { id } = await createVpc(sample.session, { name: 'forge', region: 'fra1', ipRange: '10.10.0.0/20' });
    const { id: dropletId } = await droplet(sample.session, { vpcId: id });
    const { members } = (await call('GET', `/v2/vpcs/${id}/members`)).body;
    expect(members).toMatchObject([{ urn: `do:droplet:${dropletId}`, name: 'node-1' }]);
    expect(await call('DELETE', `/v2/vpcs/${id}`)).toMatchObject({
      status: 409,
      body: { message: 'Can not delete VPC with members' },
    });
    await call('DELETE', `/v2/droplets/${dropletId}`);
    expect((await call('DELETE', `/v2/vpcs/${id}`)).status).toBe(204);
    expect((await call('GET', '/v2/vpcs')).body.vpcs).toEqual([]);
  });
});
