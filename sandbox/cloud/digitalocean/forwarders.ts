/** What public addresses lead to, what gets through, and which disks there are: the machines follow the account's reserved IPs, load balancers, firewalls and volumes. */
import type { TcpForwarder } from '#sandbox/net/forwarder';
import type { Account } from './account';
import { droplets } from './droplet';
import { loadBalancers, targetsOf, type LoadBalancer } from './load-balancer';
import { addressOf, bootMachine } from './machines';
import { balancerKey, packetFilterOf } from './packet-filter';
import { reservedIps, type ReservedIp } from './reserved-ip';
import { volumes } from './volume';

/** Passes packets on as they are; the other types make connections of their own. */
const NETWORK_TYPE = 'REGIONAL_NETWORK';
/** A reserved IP passes everything on; here it is the Kubernetes API's port. */
const RESERVED_IP_RULES = [{ entryPort: 6443, targetPort: 6443 }];

interface Told {
  /** By id. */
  readonly forwarders: Map<string, string>;
  /** Of packets, by droplet. */
  readonly filters: Map<number, string>;
  volumes: string;
  /** The forwarding that is being told at the moment. */
  last: Promise<void>;
}

const toldOf = new WeakMap<Account, Told>();

/** Starts every droplet's machine and all forwarding: after the sandbox itself was started again. */
export async function startMachines(account: Account): Promise<void> {
  for (const droplet of droplets.of(account)) if (droplet.status !== 'off') void bootMachine(account, droplet);
  await refreshForwarders(account);
}

/**
 * Tells the machines what changed since the last time: droplets come, go and change tags without a word to a balancer.
 * One at a time, so that an older picture never overtakes a newer one.
 */
export function refreshForwarders(account: Account): Promise<void> {
  const told = toldOf.get(account) ?? newTold();
  toldOf.set(account, told);
  const refresh = told.last.then(async () => {
    await tell(account, told.forwarders);
    await tellFilters(account, told.filters);
    await tellVolumes(account, told);
  });
  told.last = refresh.catch(() => undefined);
  return refresh;
}

async function tell(account: Account, told: Map<string, string>): Promise<void> {
  const wanted = new Map<string, TcpForwarder | undefined>([
    ...[...told.keys()].map((id): [string, undefined] => [id, undefined]),
    ...reservedIps.of(account).flatMap((reserved) => forReservedIp(account, reserved)),
    ...loadBalancers.of(account).map((balancer) => forLoadBalancer(account, balancer)),
  ]);
  for (const [id, forwarder] of wanted) {
    const text = JSON.stringify(forwarder);
    if (told.get(id) === text) continue;
    // Forgotten first: if the machines refuse, the next refresh tells it again.
    told.delete(id);
    await account.machines.forward(id, forwarder);
    if (forwarder !== undefined) told.set(id, text);
  }
}

function newTold(): Told {
  return { forwarders: new Map(), filters: new Map(), volumes: '', last: Promise.resolve() };
}

async function tellFilters(account: Account, told: Map<number, string>): Promise<void> {
  for (const droplet of droplets.of(account)) {
    const filter = packetFilterOf(account, droplet);
    const text = JSON.stringify(filter) ?? '';
    if (told.get(droplet.id) === text) continue;
    told.delete(droplet.id);
    await account.machines.filter?.(droplet.id, filter);
    told.set(droplet.id, text);
  }
}

async function tellVolumes(account: Account, told: Told): Promise<void> {
  const all = volumes.of(account).map(({ id, name, size_gigabytes, droplet_ids }) => {
    return { id, name, sizeGiB: size_gigabytes, droplet: droplet_ids[0] };
  });
  const text = JSON.stringify(all);
  if (told.volumes === text) return;
  told.volumes = '';
  await account.machines.volumes?.(all);
  told.volumes = text;
}

function forReservedIp(account: Account, { ip, droplet_id }: ReservedIp): [string, TcpForwarder][] {
  if (droplet_id === null) return [];
  const targets = [addressOf(droplets.find(account, droplet_id), 'public')];
  return [[`reserved-ip-${ip}`, { address: ip, rules: RESERVED_IP_RULES, targets }]];
}

function forLoadBalancer(account: Account, balancer: LoadBalancer): [string, TcpForwarder] {
  const rules = balancer.forwarding_rules
    .filter(({ entry_protocol }) => entry_protocol !== 'udp' && entry_protocol !== 'http3')
    .map(({ entry_port, target_port }) => ({ entryPort: entry_port, targetPort: target_port }));
  const targets = targetsOf(account, balancer).map((droplet) => addressOf(droplet, 'public'));
  return [
    balancerKey(balancer.id),
    {
      address: balancer.ip,
      rules,
      targets,
      keepsAddress: balancer.type === NETWORK_TYPE,
      proxyProtocol: balancer.enable_proxy_protocol,
      healthCheckPort: balancer.health_check.port,
    },
  ];
}
