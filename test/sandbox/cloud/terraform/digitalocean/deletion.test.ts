import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { sampleConfig, synthesise } from '#test/stacks/sample';
import { sampleAccount, type SampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { act, DROPLET } from '#test/sandbox/cloud/digitalocean/samples';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { PROVIDER } from './sample-stack';

jest.setTimeout(60_000);

/** As a node that waits 90 s for its containers (k3s-io/k3s#2400). */
const SLOW_SECONDS = 95;
const machine = {
  ...DROPLET,
  user_data: '#cloud-config',
  graceful_shutdown: true,
};
const effect = { kind: 'error', status: 409, id: 'conflict', message: 'Can not delete VPC with members' } as const;
const network = { name: 'forge', region: 'fra1', ip_range: '10.110.0.0/20' };

describe('the deletion of', () => {
  let sample: SampleAccount;
  let project: TerraformProject;
  const droplets = () => sample.api.get('/v2/droplets');

  beforeEach(async () => {
    sample = await sampleAccount();
    project = await terraformProject([provider(digitalOceanProvider(sample.url))], PROVIDER);
  });

  const made = async (type: string, it: object) => {
    project.configure({ [type]: { it } });
    await project.apply();
  };
  const destroy = () => project.terraform('destroy', '-no-color', '-auto-approve');
  const inState = async () => (await project.terraform('state', 'list')).output.trim();

  it('a droplet shuts its machine down first, where it is told to be graceful', async () => {
    await made('digitalocean_droplet', machine);
    const { id } = (await droplets())[0];
    await project.destroy();
    expect([sample.machines.turnedOff, sample.machines.destroyed]).toEqual([[id], [id]]);
    await made('digitalocean_droplet', { ...machine, graceful_shutdown: false });
    await project.destroy();
    expect(sample.machines.turnedOff).toEqual([id]);
  });

  it('a droplet has 60 seconds, of which 30 are for the first looks', async () => {
    await made('digitalocean_droplet', machine);
    sample.account.shutdownSeconds = SLOW_SECONDS;
    const { id } = (await droplets())[0];
    expect((await destroy()).output).toContain(
      `Error: Error waiting for droplet (${id}) to become off: context deadline exceeded`,
    );
    expect(await inState()).toBe('digitalocean_droplet.it');
    expect(await droplets()).toMatchObject([{ id, status: 'off' }]);
    await project.destroy();
    expect(await droplets()).toEqual([]);
  });

  it('a droplet may succeed too late for Terraform', async () => {
    await made('digitalocean_droplet', machine);
    sample.account.shutdownSeconds = 45;
    expect((await destroy()).output).toContain('Error: Error deleting droplet: context deadline exceeded');
    expect(await droplets()).toEqual([]);
  });

  it('a droplet goes by the time-out of its last change: a later one alone is no change', async () => {
    await made('digitalocean_droplet', machine);
    const patient = { ...machine, timeouts: { delete: '10m' } };
    sample.account.shutdownSeconds = SLOW_SECONDS;
    project.configure({ digitalocean_droplet: { it: patient } });
    expect(await project.plan()).toEqual([]);
    await project.apply();
    expect((await destroy()).code).toBe(1);

    const [{ id }] = await droplets();
    await act(sample.api, id, { type: 'power_on' });
    await made('digitalocean_droplet', { ...patient, tags: ['changed'] });
    await project.destroy();
  });

  it('a VPC is tried for two minutes while its members are still known there', async () => {
    await made('digitalocean_vpc', network);
    sample.fault('vpc:delete', effect, 5);
    await project.destroy();
    await made('digitalocean_vpc', network);
    sample.fault('vpc:delete', effect, 30);
    expect((await destroy()).output).toMatch(/409 .*Can not delete VPC with members/s);
  });

  describe('what the network stack makes', () => {
    const { resource } = synthesise(sampleConfig).stacks['network'] as Record<string, any>;
    const settingsOf = (type: string) => Object.values<any>(resource[type]);

    it('succeeds although each droplet takes long to shut down', async () => {
      sample.account.shutdownSeconds = SLOW_SECONDS;
      for (const { graceful_shutdown, timeouts } of settingsOf('digitalocean_droplet')) {
        await made('digitalocean_droplet', { ...machine, graceful_shutdown, ...(timeouts && { timeouts }) });
        await project.destroy();
      }
    });

    it('succeeds although the VPC keeps its members for minutes', async () => {
      const [{ timeouts }] = settingsOf('digitalocean_vpc');
      await made('digitalocean_vpc', { ...network, ...(timeouts && { timeouts }) });
      sample.fault('vpc:delete', effect, 30);
      await project.destroy();
    });
  });
});
