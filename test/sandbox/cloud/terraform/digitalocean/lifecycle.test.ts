import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { addressOf, everythingIn, unassign } from '#test/sandbox/cloud/digitalocean/samples';
import { type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { terraformProject, type TerraformProject } from '../terraform-project';
import {
  accountForStack,
  changedStack,
  DOMAIN,
  PROVIDER,
  replacedStack,
  SAMPLE_DATA,
  sampleStack,
} from './sample-stack';

jest.setTimeout(60_000);

describe('a stack on the emulated DigitalOcean, with the real Terraform', () => {
  let sample: SampleAccount;
  let project: TerraformProject;
  const only = async (path: string) => (await sample.api.get(path))[0];

  beforeEach(async () => {
    sample = await accountForStack();
    project = await terraformProject([provider(digitalOceanProvider(sample.url))], PROVIDER);
    project.configure(sampleStack(), SAMPLE_DATA);
    await project.apply();
  });

  it('is applied once, is then as planned, and leaves nothing when it is destroyed', async () => {
    expect(await project.plan()).toEqual([]);
    const reordered = sampleStack();
    const firewall = reordered['digitalocean_firewall']!['nodes'] as { inbound_rule: object[] };
    firewall.inbound_rule.reverse();
    project.configure(reordered, SAMPLE_DATA);
    expect(await project.plan()).toEqual([]);
    const server = await only('/v2/droplets');
    expect(await project.attributes('digitalocean_droplet.server')).toMatchObject({
      id: `${server.id}`,
      ipv4_address: addressOf(server, 'public'),
      ipv4_address_private: '10.110.0.2',
      memory: 4096,
      vcpus: 2,
      disk: 80,
      price_monthly: 24,
      status: 'active',
      urn: `do:droplet:${server.id}`,
    });
    expect(sample.machines.booted).toMatchObject([{ userData: '#cloud-config\n' }]);
    await project.destroy();
    expect(await everythingIn(sample.api)).toEqual([]);
    expect(sample.machines.destroyed).toHaveLength(1);
    expect(sample.machines.forwarders.size).toBe(0);
  });

  it('keeps user data out of the state', async () => {
    const { user_data: hash } = await project.attributes('digitalocean_droplet.server');
    expect(hash).toBe('c0af657a8122db11fb8541f90feab7871c2c3d71');
  });

  it('has its drift found and repaired', async () => {
    const wall = await only('/v2/firewalls');
    await sample.api.put(`/v2/firewalls/${wall.id}`, { ...wall, inbound_rules: wall.inbound_rules.slice(1) });
    const record = await only(`/v2/domains/${DOMAIN}/records?type=A`);
    await sample.api.delete(`/v2/domains/${DOMAIN}/records/${record.id}`);
    const server = await only('/v2/droplets');
    const carriers = [{ resource_id: `${server.id}`, resource_type: 'droplet' }];
    await sample.api.delete('/v2/tags/forge/resources', { resources: carriers });
    await unassign(sample.api, (await only('/v2/reserved_ips')).ip);

    expect(await project.plan()).toEqual(
      expect.arrayContaining([
        { address: 'digitalocean_firewall.nodes', actions: ['update'] },
        { address: 'digitalocean_record.argocd', actions: ['create'] },
        { address: 'digitalocean_droplet.server', actions: ['update'] },
        { address: 'digitalocean_reserved_ip_assignment.api', actions: ['create'] },
      ]),
    );
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect((await only('/v2/firewalls')).inbound_rules).toHaveLength(3);
    expect((await only('/v2/droplets')).tags).toEqual(['forge']);
  });

  it('changes in place what can be changed', async () => {
    project.configure(changedStack(), SAMPLE_DATA);
    expect((await project.plan()).map(({ actions }) => actions)).toEqual(Array(3).fill(['update']));
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(await project.attributes('digitalocean_droplet.server')).toMatchObject({ memory: 8192, disk: 80 });
    expect(sample.machines.booted.at(-1)).toMatchObject({ size: { slug: 's-4vcpu-8gb' } });
  });

  it('ignores a change of user data where it is told to, and replaces the droplet where not', async () => {
    const stack = sampleStack();
    const changed = { ...stack['digitalocean_droplet']!['server'], user_data: '#cloud-config\nruncmd: []\n' };
    stack['digitalocean_droplet']!['server'] = changed;
    project.configure(stack, SAMPLE_DATA);
    expect(await project.plan()).toEqual([]);

    stack['digitalocean_droplet']!['server'] = { ...changed, lifecycle: {} };
    project.configure(stack, SAMPLE_DATA);
    expect(await project.plan()).toContainEqual({
      address: 'digitalocean_droplet.server',
      actions: ['delete', 'create'],
    });
  });

  it('replaces a droplet new before old where it is told to', async () => {
    project.configure(replacedStack(), SAMPLE_DATA);
    const before = (await only('/v2/droplets')).id;
    await project.apply();
    const [after, ...others] = await sample.api.get('/v2/droplets');
    expect(others).toEqual([]);
    expect(after.name).toBe('server-2');
    expect(sample.machines.destroyed).toEqual([before]);
    expect(sample.machines.booted.map(({ name }) => name)).toEqual(['server-1', 'server-2']);
    const { ip, droplet } = await only('/v2/reserved_ips');
    expect(droplet.id).toBe(after.id);
    expect(sample.machines.forwarders.get(`reserved-ip-${ip}`)?.targets).toEqual([addressOf(after, 'public')]);
    expect(await project.plan()).toEqual([]);
  });

  it('can be imported into an empty state', async () => {
    const server = await only('/v2/droplets');
    const { ip } = await only('/v2/reserved_ips');
    const ids: Record<string, string> = {
      'digitalocean_tag.nodes': 'forge',
      'digitalocean_vpc.main': server.vpc_uuid,
      'digitalocean_droplet.server': `${server.id}`,
      'digitalocean_reserved_ip.api': ip,
      'digitalocean_reserved_ip_assignment.api': `${ip},${server.id}`,
      'digitalocean_loadbalancer.entrance': (await only('/v2/load_balancers')).id,
      'digitalocean_firewall.nodes': (await only('/v2/firewalls')).id,
      'digitalocean_record.argocd': `${DOMAIN},${(await only(`/v2/domains/${DOMAIN}/records?type=A`)).id}`,
      'digitalocean_project.main': (await sample.api.get('/v2/projects'))[1].id,
    };
    const stack = sampleStack();
    // What the API does not tell cannot be imported: a key's secret, and settings that only the provider knows.
    await project.terraform('state', 'rm', 'digitalocean_spaces_key.snapshots');
    const key = await project.terraform('import', '-no-color', 'digitalocean_spaces_key.snapshots', 'DO00KEY');
    expect(key.output).toContain('digitalocean_spaces_key cannot be imported');
    delete stack['digitalocean_spaces_key'];
    const unknown = ['user_data', 'droplet_agent', 'graceful_shutdown', 'resize_disk'];
    const { server: described } = stack['digitalocean_droplet']!;
    stack['digitalocean_droplet'] = { server: { ...described, lifecycle: { ignore_changes: unknown } } };
    project.configure(stack, SAMPLE_DATA);
    await project.apply();
    for (const [address, id] of Object.entries(ids)) {
      await project.terraform('state', 'rm', address);
      const { code, output } = await project.terraform('import', '-no-color', address, id);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    }
    expect(await project.plan()).toEqual([]);
  });
});
