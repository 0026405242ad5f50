import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { costCommand } from '#cli/cost/command';
import { claimedVolumes } from '#cli/cost/claimed-volumes';
import { estimate } from '#cli/cost/estimate';
import { costOf, monthlyPrice } from '#cli/cost/monthly-cost';
import { loadConfig } from '#config/load';
import { sampleConfig as config, synthesise } from '#test/stacks/sample';
import { newFolder } from '#test/new-folder';

const manifest = (kind: string, name: string, spec: object) =>
  `${JSON.stringify({ apiVersion: 'v1', kind, metadata: { name }, spec })}\n`;
const claimOf = (storage: string) => ({ resources: { requests: { storage } } });

describe('what an environment costs', () => {
  let checkout: string;
  beforeEach(() => void (checkout = newFolder('cost')));

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

  it('is what the first page says, as delivered', () => {
    const root = join(__dirname, '../../..');
    const { monthly } = estimate(loadConfig(join(root, 'forge.yaml')), claimedVolumes(root));
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`about ${Math.round(monthly)} dollars a month`);
  });

  it.each([
    [['forget'], null, 24],
    [['create', 'forget'], { size: 's-4vcpu-8gb' }, 72],
    [['delete', 'create'], { size: 's-4vcpu-8gb' }, 48],
    [['delete'], null, 0],
  ])('goes on for what Terraform leaves behind: %j', (actions, after, monthly) => {
    const change = { actions, before: { size: 's-2vcpu-4gb' }, after };
    const costs = costOf([{ address: 'digitalocean_droplet.a', type: 'digitalocean_droplet', change }]);
    expect(costs).toEqual({ before: 24, after: monthly, notPriced: [] });
  });

  it('has a second load balancer with three servers', () => {
    const three = { ...config, servers: { ...config.servers, count: 3 as const } };
    const items = estimate(three, []).items.map(({ item }) => item);
    expect(items).toContain('load balancer of the API');
  });

  it.each([1, 3] as const)('agrees with the prices of what the stacks create, for %i servers', (count) => {
    const wanted = { ...config, servers: { ...config.servers, count }, alerts: { email: ['ops@example.org'] } };
    const resources: Record<string, Record<string, object>> = synthesise(wanted).stacks.network.resource;
    const priced = Object.entries(resources).flatMap(([type, ofType]) =>
      Object.values(ofType).map((attributes) => monthlyPrice(type, { ...attributes })),
    );
    const { items, monthly } = estimate(wanted, []);
    expect(items).toContainEqual({ item: 'uptime checks', count: 4, monthly: 4 });
    expect(priced.reduce((sum, price) => sum + price)).toBe(monthly - items.at(-1)!.monthly);
  });

  it('counts the volumes that k8s/ claims, those of a StatefulSet for each replica', () => {
    const k8s = join(checkout, 'k8s');
    const templates = [{ metadata: { name: 'home' }, spec: claimOf('512Mi') }];
    mkdirSync(k8s);
    writeFileSync(join(k8s, 'gitea.yaml'), manifest('PersistentVolumeClaim', 'gitea-data', claimOf('20G')));
    writeFileSync(
      join(k8s, 'jenkins.yaml'),
      manifest('StatefulSet', 'jenkins', { replicas: 3, volumeClaimTemplates: templates }),
    );
    expect(claimedVolumes(checkout).map(({ name, gigabytes }) => [name, gigabytes])).toEqual([
      ['gitea-data', 19],
      ['home', 1],
      ['home', 1],
      ['home', 1],
    ]);
  });

  it('names the place of a claim whose size is none', () => {
    const file = join(checkout, 'k8s/gitea.yaml');
    mkdirSync(dirname(file));
    writeFileSync(file, `\n---\n${manifest('PersistentVolumeClaim', 'gitea-data', claimOf('20 GB'))}`);
    expect(() => claimedVolumes(checkout)).toThrow('k8s/gitea.yaml:3: "20 GB" is no size of a volume');
  });

  it('is printed with the date of the prices and what is not in them', async () => {
    let text = '';
    const terminal = { env: {}, write: (part: string) => void (text += part), notify: () => undefined, ask: undefined };
    await costCommand(terminal).parseAsync([], { from: 'user' });
    expect(text).toMatch(/a month +\$\d+\.\d\d/);
    expect(text).toMatch(/Prices of \d{4}-\d\d-\d\d, without:/);
    expect(text).toContain('taxes');
  });
});
