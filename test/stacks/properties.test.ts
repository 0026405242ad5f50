import * as fc from 'fast-check';
import type { ForgeConfig } from '#config/schema';
import { leaves, type Pool, sampleConfig, synthesise } from './sample';

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const cidr = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `203.${a}.${b}.0/24`);

const pool: fc.Arbitrary<Pool> = fc.record({
  name: label,
  count: fc.integer({ min: 1, max: 4 }),
  size: fc.constantFrom('s-2vcpu-4gb', 's-4vcpu-8gb'),
  generation: fc.integer({ min: 1, max: 99 }),
  labels: fc.dictionary(label, label, { maxKeys: 3 }),
  taints: fc.array(
    label.map((key) => `${key}=yes:NoSchedule`),
    { maxLength: 2 },
  ),
});

const secret = fc.record({
  name: label,
  namespace: fc.constantFrom('rt', 'tools'),
  layer: fc.constantFrom<ForgeConfig['secrets'][number]['layer']>(
    'layer-01-init',
    'layer-02-database',
    'layer-03-apps',
  ),
  type: fc.constant('Opaque' as const),
  data: fc.dictionary(label, fc.constantFrom('FIRST', 'SECOND', 'THIRD'), { minKeys: 1, maxKeys: 3 }),
});

const variations = fc.record({
  name: label,
  environment: label,
  access: fc.record({
    api: fc.array(cidr, { maxLength: 3 }),
    ssh: fc.array(cidr, { maxLength: 3 }),
    web: fc.constant(sampleConfig.access.web),
  }),
  servers: fc.record({
    count: fc.constantFrom<1 | 3>(1, 3),
    size: fc.constant('s-2vcpu-4gb'),
    generation: fc.nat(20).map((raised) => raised + 1),
  }),
  workers: fc.uniqueArray(pool, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  secrets: fc.uniqueArray(secret, { maxLength: 4, selector: ({ namespace, name }) => `${namespace}/${name}` }),
  dns: fc.record({ managed: fc.boolean() }),
});

const config: fc.Arbitrary<ForgeConfig> = variations.map((changes) => ({ ...sampleConfig, ...changes }));

describe('any valid configuration', () => {
  it('synthesises and keeps what must hold whatever it says', () => {
    fc.assert(
      fc.property(config, (one) => {
        const { stacks } = synthesise(one);
        noNullAndNoImplicitReference(stacks);
        closedToTheWorld(stacks.network['resource'].digitalocean_firewall, one);
        nodesInTheirPlace(stacks.network['resource'].digitalocean_droplet, one);
      }),
      { numRuns: 15 },
    );
  });

  it('gives a pool the same addresses and content wherever it stands in the list', () => {
    fc.assert(
      fc.property(config, (one) => {
        const [first, ...others] = one.workers;
        const mine = (workers: readonly Pool[]) => {
          const droplets = synthesise({ ...one, workers }).stacks.network['resource'].digitalocean_droplet as object;
          return Object.entries(droplets).filter(([id]) => id.startsWith(`workers_${first!.name}_`));
        };
        expect(mine([...others, first!])).toEqual(mine([first!]));
      }),
      { numRuns: 8 },
    );
  });
});

function noNullAndNoImplicitReference(stacks: object): void {
  for (const { path, value } of leaves(stacks)) {
    if (value === null && path.at(-1) !== 'default') throw new Error(`null at ${path.join('.')}`);
    if (path.some((key) => key.startsWith('cross-stack-'))) throw new Error(`implicit reference at ${path.join('.')}`);
  }
}

function closedToTheWorld(firewalls: Record<string, any>, { access }: ForgeConfig): void {
  const rules = Object.values(firewalls).flatMap((firewall) => firewall.inbound_rule as any[]);
  const ssh = rules.filter((rule) => rule.port_range === '22').flatMap((rule) => rule.source_addresses as string[]);
  expect(ssh).toEqual(access.ssh);
  expect(leaves(rules).map(({ value }) => value)).not.toContain('0.0.0.0/0');
}

function nodesInTheirPlace(droplets: Record<string, any>, { servers, workers }: ForgeConfig): void {
  const nodes = Object.entries(droplets);
  expect(nodes).toHaveLength(servers.count + workers.reduce((sum, { count }) => sum + count, 0));
  expect(new Set(nodes.map(([, node]) => node.name as string)).size).toBe(nodes.length);
  for (const [id, { vpc_uuid: vpc, user_data: userData }] of nodes) {
    expect(vpc).toBe('${digitalocean_vpc.vpc.id}');
    expect(/pki_[\w-]*ca-key\.private_key_pem/.test(userData as string)).toBe(id === 'server_1');
    expect(/join_server\.result/.test(userData as string)).toBe(id.startsWith('server_'));
  }
}
