/** Keeps the runtime's forwarding of reserved IPs and load balancers in step with the account. */
import type { TcpForwarder } from '#sandbox/net/forwarder';
import type { Droplet } from './resources/droplet';
import type { LoadBalancer } from './resources/load-balancer';
import type { ReservedIp } from './resources/reserved-ip';
import type { Account } from './session';
import type { AccountState } from './state';

/** Passes packets on as they are; the other types make connections of their own. */
const NETWORK_TYPE = 'REGIONAL_NETWORK';

/**
 * Tells the runtime what changed since the last time: droplets come, go and change tags without a word to a balancer.
 * One at a time, so that an older picture never overtakes a newer one.
 */
export function refreshForwarders(account: Account): Promise<void> {
  const refresh = account.forwarding.then(() => tellRuntime(account));
  account.forwarding = refresh.catch(() => undefined);
  return refresh;
}

/** The droplets that a balancer passes requests to at the moment: named ones, or those of a tag in its own VPC. */
export function targetsOf({ droplets }: AccountState, balancer: LoadBalancer): Droplet[] {
  const { tag, dropletIds, vpcId } = balancer;
  if (tag === '') return droplets.filter(({ id }) => dropletIds.includes(id));
  return droplets.filter((droplet) => droplet.tags.includes(tag) && droplet.vpcId === vpcId);
}

async function tellRuntime(account: Account): Promise<void> {
  const { state, forwarded } = account;
  const wanted = new Map<string, TcpForwarder | undefined>([
    ...[...forwarded.keys()].map((id): [string, undefined] => [id, undefined]),
    ...state.reservedIps.flatMap((ip) => forReservedIp(account, ip)),
    ...state.loadBalancers.map((balancer) => forLoadBalancer(account, balancer)),
  ]);
  for (const [id, forwarder] of wanted) {
    const text = JSON.stringify(forwarder);
    if (forwarded.get(id) === text) continue;
    // Forgotten first: if the runtime refuses, the next refresh tells it again.
    forwarded.delete(id);
    await account.runtime.forward(id, forwarder);
    if (forwarder !== undefined) forwarded.set(id, text);
  }
}

function forReservedIp({ state, reservedIpPorts }: Account, { ip, dropletId }: ReservedIp): [string, TcpForwarder][] {
  const droplet = state.droplets.find(({ id }) => id === dropletId);
  if (droplet === undefined) return [];
  const rules = reservedIpPorts.map((port) => ({ entryPort: port, targetPort: port }));
  return [[`reserved-ip-${ip}`, { address: ip, rules, targets: [droplet.publicAddress] }]];
}

function forLoadBalancer({ state }: Account, balancer: LoadBalancer): [string, TcpForwarder] {
  const rules = balancer.forwardingRules
    .filter(({ entryProtocol }) => entryProtocol !== 'udp' && entryProtocol !== 'http3')
    .map(({ entryPort, targetPort }) => ({ entryPort, targetPort }));
  const targets = targetsOf(state, balancer).map(({ publicAddress }) => publicAddress);
  const keepsAddress = balancer.type === NETWORK_TYPE;
  return [`load-balancer-${balancer.id}`, { address: balancer.ip, rules, targets, keepsAddress }];
}
