import { controlPanel } from '#sandbox/cloud/account/session';
import { updateFirewall } from '#sandbox/cloud/account/firewalls';
import { inventory } from '#sandbox/cloud/account/inventory';
import { deleteRecord } from '#sandbox/cloud/account/domains';
import { tagDroplet } from '#sandbox/cloud/account/droplets';
import { unassignReservedIp } from '#sandbox/cloud/account/reserved-ips';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { removeSampleAccounts, sampleAccount, type SampleAccount } from '#test/sandbox/cloud/account/sample-account';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { DOMAIN, PROVIDER, SAMPLE_DATA, sampleStack } from './sample-stack';

jest.setTimeout(60_000);
afterAll(removeSampleAccounts);

describe('a stack on the emulated DigitalOcean, with the real Terraform', () => {
  let sample: SampleAccount;
  let project: TerraformProject;

  beforeEach(async () => {
    const sshKeys = [{ name: 'ops', publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ops' }];
    sample = sampleAccount({ presets: { domain: DOMAIN, sshKeys } });
    project = await terraformProject([provider(digitalOceanProvider(sample.account))], PROVIDER);
    project.configure(sampleStack(), SAMPLE_DATA);
    await project.apply();
  });
  afterEach(() => project.close());

  it('is applied once, is then as planned, and leaves nothing when it is destroyed', async () => {
    expect(await project.plan()).toEqual([]);
    const { state } = sample.account;
    expect(await project.attributes('digitalocean_droplet.server')).toMatchObject({
      id: `${state.droplets[0]!.id}`,
      ipv4_address: state.droplets[0]!.publicAddress,
      ipv4_address_private: '10.110.0.2',
      memory: 4096,
      vcpus: 2,
      disk: 80,
      price_monthly: 24,
      status: 'active',
      urn: `do:droplet:${state.droplets[0]!.id}`,
    });
    expect(state.droplets[0]!.userData).toBe('#cloud-config\n');
    await project.destroy();
    expect(inventory(sample.account)).toEqual([]);
    expect(sample.runtime.destroyed).toHaveLength(1);
    expect(sample.runtime.forwarders.size).toBe(0);
  });

  it('keeps user data out of the state', async () => {
    const { user_data: hash } = await project.attributes('digitalocean_droplet.server');
    expect(hash).toBe('c0af657a8122db11fb8541f90feab7871c2c3d71');
  });

  it('has its drift found and repaired', async () => {
    const { account } = sample;
    const owner = controlPanel(account);
    const { state } = account;
    const [wall] = state.firewalls;
    await updateFirewall(owner, wall!.id, { ...wall!, inbound: wall!.inbound.slice(1) });
    const zone = state.domains[0]!;
    await deleteRecord(owner, zone.name, zone.records.at(-1)!.id);
    await tagDroplet(owner, state.droplets[0]!.id, []);
    await unassignReservedIp(owner, state.reservedIps[0]!.ip);

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
    expect(state.firewalls[0]!.inbound).toHaveLength(3);
    expect(state.droplets[0]!.tags).toEqual(['forge']);
  });

  it('changes in place what can be changed', async () => {
    const stack = sampleStack();
    stack['digitalocean_vpc']!['main'] = { ...stack['digitalocean_vpc']!['main'], description: 'the forge' };
    stack['digitalocean_droplet']!['server'] = { ...stack['digitalocean_droplet']!['server'], size: 's-4vcpu-8gb' };
    stack['digitalocean_loadbalancer']!['entrance'] = {
      ...stack['digitalocean_loadbalancer']!['entrance'],
      size_unit: 2,
    };
    project.configure(stack, SAMPLE_DATA);

    expect((await project.plan()).map(({ actions }) => actions)).toEqual(Array(3).fill(['update']));
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(await project.attributes('digitalocean_droplet.server')).toMatchObject({ memory: 8192, disk: 80 });
    expect(sample.runtime.resized).toMatchObject([{ size: { slug: 's-4vcpu-8gb' } }]);
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
    const stack = sampleStack();
    stack['digitalocean_droplet']!['server'] = {
      ...stack['digitalocean_droplet']!['server'],
      name: 'server-2',
      image: 'debian-13-x64',
      lifecycle: { create_before_destroy: true },
    };
    project.configure(stack, SAMPLE_DATA);
    const before = sample.account.state.droplets[0]!.id;
    await project.apply();
    const [after, ...others] = sample.account.state.droplets;
    expect(others).toEqual([]);
    expect(after!.name).toBe('server-2');
    expect(sample.runtime.destroyed).toEqual([before]);
    expect(sample.runtime.booted.map(({ name }) => name)).toEqual(['server-1', 'server-2']);
    const { ip, dropletId } = sample.account.state.reservedIps[0]!;
    expect(dropletId).toBe(after!.id);
    expect(sample.runtime.forwarders.get(`reserved-ip-${ip}`)?.targets).toEqual([after!.publicAddress]);
    expect(await project.plan()).toEqual([]);
  });

  it('can be imported into an empty state', async () => {
    const { state } = sample.account;
    const [record] = state.domains[0]!.records.slice(-1);
    const ids: Record<string, string> = {
      'digitalocean_tag.nodes': 'forge',
      'digitalocean_vpc.main': state.vpcs[0]!.id,
      'digitalocean_droplet.server': `${state.droplets[0]!.id}`,
      'digitalocean_reserved_ip.api': state.reservedIps[0]!.ip,
      'digitalocean_reserved_ip_assignment.api': `${state.reservedIps[0]!.ip},${state.droplets[0]!.id}`,
      'digitalocean_loadbalancer.entrance': state.loadBalancers[0]!.id,
      'digitalocean_firewall.nodes': state.firewalls[0]!.id,
      'digitalocean_record.argocd': `${DOMAIN},${record!.id}`,
      'digitalocean_project.main': state.projects[1]!.id,
    };
    const stack = sampleStack();
    // What the API does not tell cannot be imported: a key's secret, and settings that only the provider knows.
    delete stack['digitalocean_spaces_key'];
    const unknown = ['user_data', 'droplet_agent', 'graceful_shutdown', 'resize_disk'];
    const { server } = stack['digitalocean_droplet']!;
    stack['digitalocean_droplet'] = { server: { ...server, lifecycle: { ignore_changes: unknown } } };
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
