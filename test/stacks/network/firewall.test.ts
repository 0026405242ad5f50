import { mayReach } from '#sandbox/cloud/digitalocean/packets';
import type { Client } from '#test/sandbox/cloud/digitalocean/client';
import { sampleAccount } from '#test/sandbox/cloud/digitalocean/sample-account';
import { addressOf, assign, balancer, droplet } from '#test/sandbox/cloud/digitalocean/samples';
import { sampleConfig, synthesise } from '../sample';

type Config = typeof sampleConfig;
type Stack = Readonly<Record<string, Readonly<Record<string, any>> | undefined>>;
const API_PORT = 6443;
const BALANCERS = ['api_balancer', 'entrance_balancer'];

interface Made {
  /** Droplets by their addresses in the stack. */
  readonly nodes: ReadonlyMap<string, any>;
  readonly stranger: any;
  readonly apiAddress: string;
  readonly reaches: (from: any, address: string, port: number) => boolean;
}

/** The droplets and firewalls of the network stack in an emulated account. */
async function made(changes: Partial<Config> = {}): Promise<Made> {
  const { api, account } = await sampleAccount();
  const stack = synthesise({ ...sampleConfig, ...changes }).stacks.network['resource'] as Stack;
  const known = new Map<string, string>();
  const vpc = await api.post('/v2/vpcs', { name: 'forge', region: 'fra1', ip_range: sampleConfig.network.cidr });
  for (const [id, { name }] of eachOf(stack, 'tag')) {
    await api.post('/v2/tags', { name });
    known.set(`digitalocean_tag.${id}.name`, name);
  }
  for (const id of BALANCERS) {
    const { id: uuid } = await api.post('/v2/load_balancers', balancer({ name: id.replace('_', '-') }));
    known.set(`digitalocean_loadbalancer.${id}.id`, uuid);
  }
  const nodes = new Map<string, any>();
  for (const [id, { name, tags }] of eachOf(stack, 'droplet')) {
    const node = await droplet(api, { name, tags: resolved(known, tags), vpc_uuid: vpc.id });
    nodes.set(id, node);
    known.set(`digitalocean_droplet.${id}.ipv4_address`, addressOf(node, 'public'));
  }
  await makeFirewalls(api, stack, known);
  const { ip } = await api.post('/v2/reserved_ips', { region: 'fra1' });
  await assign(api, ip, nodes.get('server_1').id);
  const stranger = await droplet(api, { vpc_uuid: vpc.id });
  return { nodes, stranger, apiAddress: ip, reaches: (from, ...to) => mayReach(account, from.id, ...to) };
}

async function makeFirewalls(api: Client, stack: Stack, known: ReadonlyMap<string, string>): Promise<void> {
  for (const [, { name, tags, inbound_rule }] of eachOf(stack, 'firewall')) {
    const inbound_rules = inbound_rule.map(({ protocol, port_range: ports, ...from }: any) => ({
      protocol,
      ports,
      sources: {
        addresses: resolved(known, from.source_addresses),
        tags: resolved(known, from.source_tags),
        load_balancer_uids: resolved(known, from.source_load_balancer_uids),
      },
    }));
    await api.post('/v2/firewalls', { name, tags: resolved(known, tags), inbound_rules });
  }
}

function eachOf(stack: Stack, type: string): [string, any][] {
  return Object.entries(stack[`digitalocean_${type}`] ?? {});
}

/** Texts with what Terraform would put for their references. */
function resolved(known: ReadonlyMap<string, string>, texts: string[] = []): string[] {
  return texts.map((text) => text.replace(/^\$\{(.+)\}$/, (_, name: string) => known.get(name) ?? name));
}

describe('the firewall in the emulated cloud, where a tag stands for private addresses only', () => {
  it.each([
    ['one server', {}],
    ['three servers', { servers: { ...sampleConfig.servers, count: 3 as const } }],
  ])('lets every node through to the public address of the API, and no other droplet (%s)', async (_, changes) => {
    const { nodes, stranger, apiAddress, reaches } = await made(changes);
    const refused = [...nodes].filter(([, node]) => !reaches(node, apiAddress, API_PORT)).map(([id]) => id);
    expect(refused).toEqual([]);
    expect(reaches(stranger, apiAddress, API_PORT)).toBe(false);
  });

  it('lets no node in from outside on any other port', async () => {
    const { nodes, reaches } = await made();
    const [server, worker] = [nodes.get('server_1'), nodes.get('workers_general_1')];
    for (const port of [22, 80, 2379, 10250, 30022, 30080, 30443]) {
      expect([port, reaches(worker, addressOf(server, 'public'), port)]).toEqual([port, false]);
      expect([port, reaches(server, addressOf(worker, 'public'), port)]).toEqual([port, false]);
    }
  });
});
