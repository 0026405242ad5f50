import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { sampleAccount, TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { terraformProject } from '#test/sandbox/cloud/terraform/terraform-project';
import { sampleConfig, synthesise } from '../sample';

jest.setTimeout(120_000);

/** The three servers of the network stack, without what is around them. */
function servers(size: string): Record<string, object> {
  const { stacks } = synthesise({ ...sampleConfig, servers: { count: 3, size, generation: 1 } });
  const all = Object.entries(stacks.network['resource'].digitalocean_droplet as Record<string, any>);
  const alone = all
    .filter(([id]) => id.startsWith('server'))
    .map(([id, { name, region, image, size: slug, resize_disk, depends_on = [] }]) => [
      id,
      { name, region, image, size: slug, resize_disk, depends_on },
    ]);
  return Object.fromEntries(alone) as Record<string, object>;
}

it('a change of servers.size has one of three servers off at a time: etcd goes on with two', async () => {
  const { api, url, machines } = await sampleAccount();
  const project = await terraformProject([provider(digitalOceanProvider(url))]);
  const access = { provider: { digitalocean: { token: TOKENS.deploy } } };
  const off: string[][] = [];
  const whenOneComesBack = async () => {
    // As long as Terraform needs to begin with all that it may do at once.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const droplets = await api.get('/v2/droplets');
    off.push(droplets.filter(({ status }: any) => status === 'off').map(({ name }: any) => name));
  };
  project.configure({ digitalocean_droplet: servers('s-2vcpu-4gb') }, access);
  await project.apply();
  machines.boot = whenOneComesBack;
  project.configure({ digitalocean_droplet: servers('s-4vcpu-8gb') }, access);
  await project.apply();
  expect(off).toEqual([['forge-test-server-1'], ['forge-test-server-2'], ['forge-test-server-3']]);
  const resized = { status: 'active', size_slug: 's-4vcpu-8gb' };
  expect(await api.get('/v2/droplets')).toMatchObject([resized, resized, resized]);
});
