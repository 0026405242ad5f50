import type { ValueObject } from '../engine/resource';
import { blocks, numbers, text, texts } from '../attributes';
import { apiResource } from './api-resource';

/** How the two kinds of rules are called in the API, their peers in a rule, and these in the attributes of a block. */
const KINDS = [
  { rules: 'inbound_rules', block: 'inbound_rule', peers: 'sources', prefix: 'source' },
  { rules: 'outbound_rules', block: 'outbound_rule', peers: 'destinations', prefix: 'destination' },
] as const;
type Kind = (typeof KINDS)[number];

type Rule = ValueObject & { readonly protocol: string; readonly ports: string };
type Firewall = ValueObject & Readonly<Record<Kind['rules'], readonly Rule[]>>;

const PEERS = ['addresses', 'tags', 'droplet_ids', 'load_balancer_uids', 'kubernetes_ids'];

export const firewall = apiResource<Firewall>({
  path: '/v2/firewalls',
  root: 'firewall',
  noun: 'firewall',
  request: (planned) => ({
    name: text(planned, 'name'),
    tags: texts(planned, 'tags'),
    droplet_ids: numbers(planned, 'droplet_ids'),
    ...eachKind((kind) => [kind.rules, blocks(planned, kind.block).map((block) => ruleOf(block, kind))]),
  }),
  attributes: (found) => ({
    ...found,
    ...eachKind((kind) => [kind.block, found[kind.rules].map((rule) => blockOf(rule, kind))]),
  }),
});

function eachKind<T>(entry: (kind: Kind) => [string, T]): Record<string, T> {
  return Object.fromEntries(KINDS.map(entry));
}

function ruleOf(block: ValueObject, { peers, prefix }: Kind): object {
  const given = PEERS.map((name) => [name, block[`${prefix}_${name}`] ?? []]);
  return {
    protocol: text(block, 'protocol'),
    ports: text(block, 'port_range'),
    [peers]: Object.fromEntries(given) as ValueObject,
  };
}

function blockOf({ protocol, ports, ...rule }: Rule, { peers, prefix }: Kind): ValueObject {
  // The API answers 0 for all ports, and for those of icmp, which has none.
  const range = ports !== '0' ? ports : protocol === 'icmp' ? '' : 'all';
  const found = PEERS.map((name) => [`${prefix}_${name}`, (rule[peers] as ValueObject)[name] ?? []]);
  return { protocol, port_range: range, ...(Object.fromEntries(found) as ValueObject) };
}
