import { createVpc } from '#sandbox/cloud/account/vpcs';
import { inventory } from '#sandbox/cloud/account/inventory';
import { controlPanel } from '#sandbox/cloud/account/session';
import { injectFault } from '#sandbox/cloud/http/faults';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import {
  droplet,
  removeSampleAccounts,
  sampleAccount,
  TOKENS,
  type SampleAccount,
} from '#test/sandbox/cloud/account/sample-account';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { DOMAIN, PROVIDER, sampleStack } from './sample-stack';

jest.setTimeout(60_000);
afterAll(removeSampleAccounts);

describe('what the emulated DigitalOcean refuses', () => {
  let sample: SampleAccount;
  let project: TerraformProject;

  beforeEach(async () => {
    sample = sampleAccount({ presets: { domain: DOMAIN } });
    project = await terraformProject([provider(digitalOceanProvider(sample.account))], PROVIDER);
  });
  afterEach(() => project.close());

  const apply = () => project.terraform('apply', '-no-color', '-auto-approve');
  const vpc = { main: { name: 'forge', region: 'fra1', ip_range: '10.110.0.0/20' } };
  const server = { name: 'a', region: 'fra1', size: 's-2vcpu-4gb', image: 'ubuntu-24-04-x64' };

  it('is told with the request, the status and the reason', async () => {
    await createVpc(controlPanel(sample.account), { name: 'forge', region: 'fra1', ipRange: '10.120.0.0/20' });
    project.configure({ digitalocean_vpc: vpc });
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output.replace(/[\n│]+/g, ' ').replace(/ +/g, ' ')).toMatch(
      /Error: Error creating VPC: POST https:\/\/api.digitalocean.com\/v2\/vpcs: 422 \(request "[0-9a-f-]+"\) a VPC with the same name already exists in your account/,
    );
  });

  it('includes the deletion of a VPC with members', async () => {
    project.configure({ digitalocean_vpc: vpc });
    await project.apply();
    await droplet(controlPanel(sample.account), { vpcId: sample.account.state.vpcs[0]!.id });
    const { code, output } = await project.terraform('destroy', '-no-color', '-auto-approve');
    expect(code).toBe(1);
    expect(output).toMatch(/409 .*Can not delete VPC with members/s);
  });

  it.each([
    ['no token', {}],
    ['an unknown token', { token: 'dop_v1_unknown' }],
  ])('includes %s', async (_, settings) => {
    project.configure({ digitalocean_vpc: vpc }, { provider: { digitalocean: settings } });
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output).toMatch(/401 .*Unable to authenticate you/s);
    expect(inventory(sample.account)).toEqual([]);
  });

  it('includes a token without the scope', async () => {
    const narrow = { provider: { digitalocean: { token: TOKENS.cluster } } };
    project.configure({ digitalocean_vpc: vpc }, narrow);
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output).toMatch(/403 .*You are not authorized to perform this operation/s);
    expect(inventory(sample.account)).toEqual([]);
  });

  it('includes what it does not emulate, at the plan already', async () => {
    project.configure({ digitalocean_droplet: { a: { ...server, ipv6: true } } });
    const { code, output } = await project.terraform('plan', '-no-color');
    expect(code).toBe(1);
    expect(output).toContain('The emulated cloud has no ipv6');
  });

  it('shows in the plan that a volume would shrink', async () => {
    const volume = (size: number) => ({ digitalocean_volume: { data: { name: 'data', region: 'fra1', size } } });
    project.configure(volume(20));
    await project.apply();
    project.configure(volume(10));
    expect((await project.terraform('plan', '-no-color')).output).toContain('can only be expanded and not shrunk');
  });
});

describe('a deploy that a fault interrupts', () => {
  let sample: SampleAccount;
  let project: TerraformProject;

  beforeEach(async () => {
    sample = sampleAccount({ presets: { domain: DOMAIN } });
    project = await terraformProject([provider(digitalOceanProvider(sample.account))], PROVIDER);
    project.configure(sampleStack());
  });
  afterEach(() => project.close());

  // One call at a time: a crash takes along whatever else is under way.
  const applyOneByOne = () => project.terraform('apply', '-no-color', '-auto-approve', '-parallelism=1');

  it.each([
    ['an error', { kind: 'error', status: 503, id: 'service_unavailable', message: 'try later' } as const],
    ['a crash before the write', { kind: 'crash-before' } as const],
  ])('by %s is completed by the next one', async (_, effect) => {
    injectFault(sample.account.conditions, { operation: 'droplet:create', effect });
    expect((await applyOneByOne()).code).toBe(1);
    await project.apply();
    expect(await project.plan()).toEqual([]);
    await project.destroy();
    expect(inventory(sample.account)).toEqual([]);
  });

  it('by a machine that does not start is told why, and is completed by the next one', async () => {
    sample.runtime.failNextBoot = 'no server-ca.crt in the user data';
    const { code, output } = await project.terraform('apply', '-no-color', '-auto-approve');
    expect(code).toBe(1);
    expect(output).toMatch(/did not\s+become active: no server-ca.crt in the user data/);
    await project.apply();
    expect(sample.account.state.droplets).toMatchObject([{ name: 'server-1', status: 'active' }]);
  });

  it.each(['reserved_ip:read', 'project:read'])('is not needed however long an event takes (%s)', async (operation) => {
    sample.account.conditions.latency = { [operation]: 1000 };
    await project.apply();
    await project.destroy();
    expect(inventory(sample.account)).toEqual([]);
  });

  it('by a crash after the write is completed by the next one, and leaves an orphan that the inventory shows', async () => {
    injectFault(sample.account.conditions, { operation: 'droplet:create', effect: { kind: 'crash-after' } });
    const { code, output } = await applyOneByOne();
    expect(code).toBe(1);
    expect(output).toContain('Plugin did not respond');
    const orphan = sample.account.state.droplets[0]!;
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(sample.account.state.droplets).toHaveLength(2);
    expect((await project.attributes('digitalocean_droplet.server'))['id']).not.toBe(`${orphan.id}`);
  });
});
