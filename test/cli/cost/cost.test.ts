import { costCommand } from '#cli/cost/command';
import { claimedVolumes } from '#cli/cost/claimed-volumes';
import { estimate } from '#cli/cost/estimate';
import { monthlyPrice } from '#cli/cost/monthly-cost';
import { loadConfig } from '#config/load';
import { synthesise } from '#test/stacks/sample';

const ROOT = process.cwd();
const config = loadConfig('forge.yaml');

describe('what an environment costs', () => {
  it('is the sum of its machines, load balancers, volumes and Spaces', () => {
    const { items, monthly } = estimate(config, [{ name: 'data', gigabytes: 10 }]);
    expect(items.map(({ item, monthly: cost }) => [item, cost])).toEqual([
      ['server s-2vcpu-4gb', 24],
      ['worker general s-4vcpu-8gb', 96],
      ['load balancer of the entrance', 12],
      ['volumes, 10 GiB', 1],
      ['Spaces, 250 GiB', 5],
    ]);
    expect(monthly).toBe(138);
  });

  it('has a second load balancer with three servers', () => {
    const three = { ...config, servers: { ...config.servers, count: 3 as const } };
    const items = estimate(three, []).items.map(({ item }) => item);
    expect(items).toContain('load balancer of the API');
  });

  it.each([1, 3] as const)('agrees with the prices of what the stacks create, for %i servers', (count) => {
    const wanted = { ...config, servers: { ...config.servers, count } };
    const resources: Record<string, Record<string, object>> = synthesise(wanted).stacks.network.resource;
    const priced = Object.entries(resources).flatMap(([type, ofType]) =>
      Object.values(ofType).map((attributes) => monthlyPrice(type, { ...attributes })),
    );
    const { items, monthly } = estimate(wanted, []);
    expect(priced.reduce((sum, price) => sum + price)).toBe(monthly - items.at(-1)!.monthly);
  });

  it('counts the volumes that k8s/ claims, those of a StatefulSet for each replica', () => {
    expect(claimedVolumes(ROOT).map(({ name, gigabytes }) => [name, gigabytes])).toEqual([
      ['postgres-data', 10],
      ['gitea-data', 20],
      ['home', 20],
    ]);
  });

  it('is printed with the date of the prices and what is not in them', async () => {
    let text = '';
    const terminal = { env: {}, write: (part: string) => void (text += part), notify: () => undefined, ask: undefined };
    await costCommand(terminal, ROOT).parseAsync([], { from: 'user' });
    expect(text).toMatch(/a month +\$\d+\.\d\d/);
    expect(text).toMatch(/Prices of \d{4}-\d\d-\d\d, without:/);
    expect(text).toContain('taxes');
  });
});
