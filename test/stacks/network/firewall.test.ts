import { createFirewall } from '#sandbox/cloud/account/firewalls';
import { createLoadBalancer } from '#sandbox/cloud/account/load-balancers';
import { mayReach } from '#sandbox/cloud/account/packets';
import { assignReservedIp, createReservedIp } from '#sandbox/cloud/account/reserved-ips';
import type { Droplet } from '#sandbox/cloud/account/resources/droplet';
import type { Session } from '#sandbox/cloud/account/session';
import { createTag } from '#sandbox/cloud/account/tags';
import { createVpc } from '#sandbox/cloud/account/vpcs';
import {
  balancer,
  BALANCER_PLACE,
  droplet,
  firewall,
  removeSampleAccounts,
  rule,
  sampleAccount,
} from '#test/sandbox/cloud/account/sample-account';
import { sampleConfig, synthesise } from '../sample';

afterAll(removeSampleAccounts);

type Config = typeof sampleConfig;
const API_PORT = 6443;
const BALANCERS = ['api_balancer', 'entrance_balancer'];

interface Made {
  /** By their addresses in the stack. */
  readonly nodes: ReadonlyMap<string, Droplet>;
  readonly stranger: Droplet;
  readonly apiAddress: string;
  readonly reaches: (from: Droplet, address: string, port: number) => boolean;
}

/** The droplets and firewalls of the network stack in an emulated account. */
async function made(changes: Partial<Config> = {}): Promise<Made> {
  const { session, account } = sampleAccount();
  const resources = synthesise({ ...sampleConfig, ...changes }).stacks.network['resource'] as Record<string, any>;
  const known = new Map<string, string>();
  const resolve = (text: string) => text.replace(/^\$\{(.+)\}$/, (_, name: string) => known.get(name) ?? name);
  const all = (texts: string[] = []) => texts.map(resolve);
  const eachOf = (type: string) => Object.entries<any>(resources[type] ?? {});

  const vpc = await createVpc(session, { name: 'forge', region: 'fra1', ipRange: sampleConfig.network.cidr });
  for (const [id, { name }] of eachOf('digitalocean_tag')) {
    known.set(`digitalocean_tag.${id}.name`, (await createTag(session, name as string)).name);
  }
  for (const id of BALANCERS) {
    const { id: uuid } = await createLoadBalancer(session, BALANCER_PLACE, balancer({ name: id.replace('_', '-') }));
    known.set(`digitalocean_loadbalancer.${id}.id`, uuid);
  }
  const nodes = new Map<string, Droplet>();
  for (const [id, { name, tags }] of eachOf('digitalocean_droplet')) {
    const node = await droplet(session, { name: name as string, tags: all(tags as string[]), vpcId: vpc.id });
    nodes.set(id, node);
    known.set(`digitalocean_droplet.${id}.ipv4_address`, node.publicAddress);
  }
  for (const [, { name, tags, inbound_rule: rules }] of eachOf('digitalocean_firewall')) {
    const inbound = (rules as Record<string, any>[]).map(({ protocol, port_range = '0', ...from }) => {
      const [addresses, sourceTags] = [all(from['source_addresses']), all(from['source_tags'])];
      const loadBalancerIds = all(from['source_load_balancer_uids']);
      return rule({
        protocol,
        ports: port_range,
        peers: { addresses, tags: sourceTags, dropletIds: [], loadBalancerIds },
      });
    });
    await createFirewall(session, firewall({ name: name as string, tags: all(tags as string[]), inbound }));
  }
  const apiAddress = await addressOfApi(session, nodes.get('server_1')!.id);
  const reaches = (from: Droplet, address: string, port: number) => mayReach(account.state, from.id, address, port);
  return { nodes, stranger: await droplet(session, { vpcId: vpc.id }), apiAddress, reaches };
}

async function addressOfApi(session: Session, server: number): Promise<string> {
  const { ip } = await createReservedIp(session, 'fra1');
  return (await assignReservedIp(session, ip, server)).ip;
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
    const [server, worker] = [nodes.get('server_1')!, nodes.get('workers_general_1')!];
    for (const port of [22, 80, 2379, 10250, 30080, 30443]) {
      expect([port, reaches(worker, server.publicAddress, port)]).toEqual([port, false]);
      expect([port, reaches(server, worker.publicAddress, port)]).toEqual([port, false]);
    }
  });
});
