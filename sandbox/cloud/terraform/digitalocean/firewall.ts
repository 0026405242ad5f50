import {
  createFirewall,
  deleteFirewall,
  getFirewall,
  updateFirewall,
  type FirewallRequest,
} from '#sandbox/cloud/account/firewalls';
import type { Firewall, FirewallRule } from '#sandbox/cloud/account/resources/firewall';
import type { ResourceType, ValueObject } from '../engine/resource';
import { blocks, numbers, optional, text, texts } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

/** How the peers of a rule are called in its block. */
const INBOUND = 'source';
const OUTBOUND = 'destination';

export const firewall: ResourceType<DigitalOceanClient> = {
  changesOnUpdate: ['status'],
  create: ({ client, planned }) =>
    calling('Error creating firewall', async () =>
      attributes(await createFirewall(client.session, request(planned)), planned),
    ),
  read: ({ client, state }) =>
    reading('Error retrieving firewall', async () =>
      attributes(await getFirewall(client.session, text(state, 'id')), state),
    ),
  update: ({ client, planned }) =>
    calling('Error updating firewall', async () =>
      attributes(await updateFirewall(client.session, text(planned, 'id'), request(planned)), planned),
    ),
  delete: ({ client, state }) =>
    deleting('Error deleting firewall', () => deleteFirewall(client.session, text(state, 'id'))),
  import: ({ id }) => Promise.resolve({ id }),
};

function request(planned: ValueObject): FirewallRequest {
  return {
    name: text(planned, 'name'),
    tags: texts(planned, 'tags'),
    dropletIds: numbers(planned, 'droplet_ids'),
    inbound: blocks(planned, 'inbound_rule').map((block) => ruleOf(block, INBOUND)),
    outbound: blocks(planned, 'outbound_rule').map((block) => ruleOf(block, OUTBOUND)),
  };
}

function ruleOf(block: ValueObject, peer: string): FirewallRule {
  const protocol = text(block, 'protocol');
  const range = text(block, 'port_range');
  return {
    protocol,
    // The API writes 0 for all ports; icmp has none, and gets 0 as well.
    ports: range === 'all' || (protocol === 'icmp' && range === '') ? '0' : range,
    peers: {
      addresses: texts(block, `${peer}_addresses`),
      tags: texts(block, `${peer}_tags`),
      dropletIds: numbers(block, `${peer}_droplet_ids`),
      loadBalancerIds: texts(block, `${peer}_load_balancer_uids`),
    },
  };
}

function attributes(made: Firewall, state: ValueObject): ValueObject {
  return {
    id: made.id,
    name: made.name,
    tags: optional(state, 'tags', made.tags),
    droplet_ids: optional(state, 'droplet_ids', made.dropletIds),
    inbound_rule: made.inbound.map((rule) => blockOf(rule, INBOUND)),
    outbound_rule: made.outbound.map((rule) => blockOf(rule, OUTBOUND)),
    status: 'succeeded',
    pending_changes: [],
    created_at: made.createdAt,
  };
}

function blockOf({ protocol, ports, peers }: FirewallRule, peer: string): ValueObject {
  const range = ports === '0' ? 'all' : ports;
  return {
    protocol,
    port_range: protocol === 'icmp' ? null : range,
    [`${peer}_addresses`]: orAbsent(peers.addresses),
    [`${peer}_tags`]: orAbsent(peers.tags),
    [`${peer}_droplet_ids`]: orAbsent(peers.dropletIds),
    [`${peer}_load_balancer_uids`]: orAbsent(peers.loadBalancerIds),
    [`${peer}_kubernetes_ids`]: null,
  };
}

function orAbsent<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}
