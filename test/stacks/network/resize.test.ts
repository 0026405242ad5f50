import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { removeSampleAccounts, sampleAccount, TOKENS } from '#test/sandbox/cloud/account/sample-account';
import { terraformProject } from '#test/sandbox/cloud/terraform/terraform-project';
import { sampleConfig, synthesise } from '../sample';

jest.setTimeout(120_000);
afterAll(removeSampleAccounts);

/** The three servers of the network stack, without what is around them. */
function servers(size: string): Record<string, object> {
  const { stacks } = synthesise({ ...sampleConfig, servers: { count: 3, size } });
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
  const { account, runtime } = sampleAccount();
  const project = await terraformProject([provider(digitalOceanProvider(account))]);
  const access = { provider: { digitalocean: { token: TOKENS.deploy } } };
  const off: string[][] = [];
  runtime.resize = async () => {
    // As long as Terraform needs to begin with all that it may do at once.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    off.push(account.state.droplets.filter(({ status }) => status === 'off').map(({ name }) => name));
  };
  try {
    project.configure({ digitalocean_droplet: servers('s-2vcpu-4gb') }, access);
    await project.apply();
    project.configure({ digitalocean_droplet: servers('s-4vcpu-8gb') }, access);
    await project.apply();
  } finally {
    await project.close();
  }
  expect(off).toEqual([['forge-test-server-1'], ['forge-test-server-2'], ['forge-test-server-3']]);
  expect(account.state.droplets.map(({ status, size }) => [status, size])).toEqual(
    Array(3).fill(['active', 's-4vcpu-8gb']),
  );
});
