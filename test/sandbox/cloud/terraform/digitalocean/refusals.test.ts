import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { everythingIn } from '#test/sandbox/cloud/digitalocean/samples';
import { sampleAccount, TOKENS, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { DOMAIN, PROVIDER, sampleStack } from './sample-stack';

jest.setTimeout(60_000);

let sample: SampleAccount;
let project: TerraformProject;

beforeEach(async () => {
  sample = await sampleAccount();
  await sample.api.post('/v2/domains', { name: DOMAIN });
  project = await terraformProject([provider(digitalOceanProvider(sample.url))], PROVIDER);
});

describe('what the emulated DigitalOcean refuses', () => {
  const apply = () => project.terraform('apply', '-no-color', '-auto-approve');
  const network = { name: 'forge', region: 'fra1', ip_range: '10.110.0.0/20' };
  const vpc = { main: network };
  const server = { name: 'a', region: 'fra1', size: 's-2vcpu-4gb', image: 'ubuntu-24-04-x64' };

  it('is told with the request, the status and the reason', async () => {
    await sample.api.post('/v2/vpcs', { ...network, ip_range: '10.120.0.0/20' });
    project.configure({ digitalocean_vpc: vpc });
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output.replace(/[\n│]+/g, ' ').replace(/ +/g, ' ')).toMatch(
      /Error: Error creating VPC: POST http:\/\/127.0.0.1:\d+\/v2\/vpcs: 422 \(request "[0-9a-f-]+"\) a VPC with the same name already exists in your account/,
    );
  });

  it.each([
    ['no token', {}, /401 .*Unable to authenticate you/s],
    ['an unknown token', { token: 'dop_v1_unknown' }, /401 .*Unable to authenticate you/s],
    ['a token without the scope', { token: TOKENS.cluster }, /403 .*You are not authorized to perform this operation/s],
  ])('includes %s', async (_, settings, refusal) => {
    project.configure({ digitalocean_vpc: vpc }, { provider: { digitalocean: settings } });
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output).toMatch(refusal);
    expect(await everythingIn(sample.api)).toEqual([]);
  });

  it.each([
    ['what it does not emulate', { ipv6: true }, 'The emulated cloud has no ipv6'],
    ['a value that only it can know', { ipv4_address: '203.0.113.1' }, 'ipv4_address is decided by the provider'],
  ])('includes %s, at the plan already', async (_, more, message) => {
    project.configure({ digitalocean_droplet: { a: { ...server, ...more } } });
    const { code, output } = await project.terraform('plan', '-no-color');
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  });

  it('is asked with the token of the provider block that a resource names, even if only the apply knows it', async () => {
    const blocks = [
      PROVIDER.digitalocean,
      { alias: 'late', token: '${terraform_data.token.output}' },
      { alias: 'stranger', token: 'dop_v1_unknown' },
    ];
    project.configure(
      {
        terraform_data: { token: { input: TOKENS.deploy } },
        digitalocean_tag: {
          one: { name: 'one' },
          two: { name: 'two', provider: 'digitalocean.late' },
          three: { name: 'three', provider: 'digitalocean.stranger' },
        },
      },
      { provider: { digitalocean: blocks } },
    );
    const { output } = await apply();
    expect(output.match(/401 /g)).toHaveLength(1);
    expect((await sample.api.get('/v2/tags')).map(({ name }: { name: string }) => name).sort()).toEqual(['one', 'two']);
  });
});

describe('a deploy that a fault interrupts', () => {
  const UNAVAILABLE = { kind: 'error', status: 503, id: 'service_unavailable', message: 'try later' } as const;
  const ATTEMPTS = 5;

  beforeEach(() => project.configure(sampleStack()));

  const apply = () => project.terraform('apply', '-no-color', '-auto-approve');
  const names = async () => (await sample.api.get('/v2/droplets')).map(({ name }: { name: string }) => name);

  it.each([
    ['an error', UNAVAILABLE],
    ['a lost connection before the write', { kind: 'crash-before' } as const],
  ])('once by %s goes on, as the provider asks again', async (_, effect) => {
    sample.fault('droplet:create', effect);
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(await names()).toEqual(['server-1']);
  });

  it('for longer is completed by the next one', async () => {
    sample.fault('droplet:create', UNAVAILABLE, ATTEMPTS);
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output.replaceAll(/\s*\n│?\s*/g, ' ')).toContain('try later; giving up after 5 attempt(s)');
    await project.apply();
    expect(await project.plan()).toEqual([]);
    await project.destroy();
    expect(await everythingIn(sample.api)).toEqual([]);
  });

  it('in an update or a delete leaves the resource in the state as it was', async () => {
    const network = (name: string) => ({
      digitalocean_vpc: { main: { name, region: 'fra1', ip_range: '10.110.0.0/20' } },
    });
    project.configure(network('before'));
    await project.apply();
    sample.fault('vpc:update', UNAVAILABLE, ATTEMPTS);
    project.configure(network('after'));
    expect((await apply()).code).toBe(1);
    expect(await project.attributes('digitalocean_vpc.main')).toMatchObject({ name: 'before' });
    sample.fault('vpc:delete', UNAVAILABLE, ATTEMPTS);
    await expect(project.destroy()).rejects.toThrow('try later');
    await project.destroy();
    expect(await everythingIn(sample.api)).toEqual([]);
  });

  it('by a droplet that cannot be asked for keeps it in the state, and is completed by the next one', async () => {
    sample.fault('droplet:read', UNAVAILABLE, ATTEMPTS);
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output).toMatch(/Error waiting for droplet \(\d+\) to become\s+ready/);
    expect(await project.plan()).toContainEqual({
      address: 'digitalocean_droplet.server',
      actions: ['delete', 'create'],
    });
    await project.apply();
    expect(await names()).toEqual(['server-1']);
  });

  it.each(['reserved_ip:read', 'project:read'])('is not needed however long an event takes (%s)', async (operation) => {
    sample.fault(operation, { kind: 'delay', ms: 1000 }, Infinity);
    await project.apply();
    await project.destroy();
    expect(await everythingIn(sample.api)).toEqual([]);
  });

  it('by an answer that is lost makes a second droplet, and leaves an orphan that the account shows', async () => {
    sample.fault('droplet:create', { kind: 'crash-after' });
    await project.apply();
    expect(await project.plan()).toEqual([]);
    expect(await names()).toEqual(['server-1', 'server-1']);
  });

  it('by an answer that is lost fails where a name may be had once only: Terraform does not know the first', async () => {
    sample.fault('vpc:create', { kind: 'crash-after' });
    const { code, output } = await apply();
    expect(code).toBe(1);
    expect(output).toMatch(/a VPC with the same name\s+already exists/);
  });
});
