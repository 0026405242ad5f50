/** Requests that the API takes as they are, to be varied. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client';

export const DROPLET = { name: 'node-1', region: 'fra1', size: 's-2vcpu-4gb', image: 'ubuntu-24-04-x64' };
export const VOLUME = { name: 'data', region: 'fra1', size_gigabytes: 10 };
/** A public key, as a person puts it into the account. */
export const SSH_KEY = { name: 'ops', public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ops@example.org' };
export const PROJECT = { name: 'forge', purpose: 'Web Application' };

/** Makes a droplet, and waits until it is active. */
export async function droplet(api: Client, change: object = {}): Promise<any> {
  const { id } = await api.post('/v2/droplets', { ...DROPLET, ...change });
  for (;;) {
    const found = await api.get(`/v2/droplets/${id}`);
    if (found.status === 'active') return found;
    await sleep(5);
  }
}

/** Address of a droplet in one of its networks. */
export function addressOf({ networks }: { networks: any }, type: 'public' | 'private'): string {
  return networks.v4.find((network: any) => network.type === type).ip_address;
}

export const TCP = { entry_protocol: 'tcp', entry_port: 443, target_protocol: 'tcp', target_port: 30443 };

export function balancer(change: object = {}): object {
  return { name: 'entrance', region: 'fra1', forwarding_rules: [TCP], ...change };
}

export const SSH = { protocol: 'tcp', ports: '22', sources: { addresses: ['192.0.2.0/24'] } };

export function firewall(change: object = {}): object {
  return { name: 'nodes', inbound_rules: [SSH], ...change };
}

/** Asks for an action of a droplet, and waits for its end. */
export function act(api: Client, id: number, action: object): Promise<void> {
  return ended(api, `/v2/droplets/${id}/actions`, action);
}

export function assign(api: Client, ip: string, droplet_id: number): Promise<void> {
  return ended(api, `/v2/reserved_ips/${ip}/actions`, { type: 'assign', droplet_id });
}

export function unassign(api: Client, ip: string): Promise<void> {
  return ended(api, `/v2/reserved_ips/${ip}/actions`, { type: 'unassign' });
}

/** @param path where a thing's actions are asked for */
export async function ended(api: Client, path: string, action: object): Promise<void> {
  const { id } = await api.post(path, action);
  for (;;) {
    const { status } = await api.get(`${path}/${id}`);
    if (status === 'completed') return;
    await sleep(5);
  }
}

const LISTS = [
  'droplets',
  'firewalls',
  'load_balancers',
  'reserved_ips',
  'volumes',
  'tags',
  'spaces/keys',
  'uptime/checks',
  'monitoring/alerts',
];
/** What comes with every zone. */
const ZONE_RECORDS = ['SOA', 'NS'];

/** What a destroy must leave nothing of, as `<list> <name>`: all but default VPCs, the default project and the zones. */
export async function everythingIn(api: Client): Promise<string[]> {
  const named = async (list: string, keep: (thing: any) => boolean = () => true) =>
    (await api.get(`/v2/${list}?per_page=200`))
      .filter(keep)
      .map(({ name, ip, uuid }: any) => `${list} ${name ?? ip ?? uuid}`);
  const zones = await api.get('/v2/domains');
  const urns = await api.get('/v2/projects/default/resources?per_page=200');
  return [
    ...(await Promise.all(LISTS.map((list) => named(list)))),
    await named('vpcs', (vpc) => !vpc.default),
    await named('projects', (project) => !project.is_default),
    ...(await Promise.all(
      zones.map(({ name }: any) => named(`domains/${name}/records`, ({ type }) => !ZONE_RECORDS.includes(type))),
    )),
    urns.map(({ urn }: any) => urn).filter((urn: string) => urn.startsWith('do:space:')),
  ].flat();
}
