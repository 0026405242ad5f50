/** What NetworkPolicies let through, as the Kubernetes documentation defines it. */
import { BlockList, isIPv4 } from 'node:net';
import { matches, ofKind, type Json } from './manifests';

/** One end of a connection: a pod, or an address outside of the cluster. */
export type End = Pod | string;

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** A peer and a port of a rule: the smallest thing that can be let through. */
export interface Opening {
  readonly at: string;
  readonly direction: 'ingress' | 'egress';
  readonly policy: Json;
  readonly peer: Json;
  readonly port: Json;
}

/** A rule without peers is for all of them. */
const ANYBODY = {};
const policies = ofKind('NetworkPolicy').map(({ body }) => body);

export const openings: readonly Opening[] = policies.flatMap((policy) =>
  (['ingress', 'egress'] as const).flatMap((direction) =>
    ((policy['spec'][direction] ?? []) as Json[]).flatMap((rule) =>
      ((rule['from'] ?? rule['to'] ?? [ANYBODY]) as Json[]).flatMap((peer) =>
        ((rule['ports'] ?? [{}]) as Json[]).map((port) => ({
          at: `${policy['metadata'].namespace} ${policy['metadata'].name} ${direction} ${JSON.stringify(peer)} ${port['port']}/${port['protocol']}`,
          direction,
          policy,
          peer,
          port,
        })),
      ),
    ),
  ),
);

/** The openings that a connection needs: none for a pod that no policy selects; undefined when it is refused. */
export function openingsFor({ from, to, port, protocol = 'TCP' }: Connection): Opening[] | undefined {
  const out = typeof from === 'string' ? [] : side('egress', from, to, port, protocol);
  const into = typeof to === 'string' ? [] : side('ingress', to, from, port, protocol);
  return out && into && [...out, ...into];
}

function side(
  direction: Opening['direction'],
  pod: Pod,
  other: End,
  port: number,
  protocol: string,
): Opening[] | undefined {
  const type = direction === 'egress' ? 'Egress' : 'Ingress';
  const applying = policies.filter((policy) => selects(policy, pod) && policy['spec'].policyTypes.includes(type));
  if (applying.length === 0) return [];
  const fitting = openings.filter(
    (opening) =>
      opening.direction === direction &&
      applying.includes(opening.policy) &&
      isPort(opening.port, port, protocol) &&
      admits(opening, other),
  );
  return fitting.length > 0 ? fitting : undefined;
}

function selects(policy: Json, pod: Pod): boolean {
  const { namespace } = policy['metadata'];
  return namespace === pod.namespace && matches(policy['spec'].podSelector.matchLabels, pod.labels);
}

/** A rule without ports is for all of them. */
function isPort(wanted: Json, port: number, protocol: string): boolean {
  return wanted['port'] === undefined || (wanted['port'] === port && wanted['protocol'] === protocol);
}

function admits({ policy, peer }: Opening, other: End): boolean {
  if (peer === ANYBODY) return true;
  if (typeof other === 'string') return peer['ipBlock'] !== undefined && inBlock(peer['ipBlock'], other);
  if (peer['ipBlock']) return false;
  const inNamespace = peer['namespaceSelector']
    ? matches(peer['namespaceSelector'].matchLabels, { 'kubernetes.io/metadata.name': other.namespace })
    : other.namespace === policy['metadata'].namespace;
  return inNamespace && matches(peer['podSelector']?.matchLabels, other.labels);
}

function inBlock({ cidr, except }: Json, address: string): boolean {
  return isIPv4(address) && contains([cidr], address) && !contains(except ?? [], address);
}

function contains(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, prefix] = range.split('/') as [string, string];
    list.addSubnet(network, Number(prefix));
  }
  return list.check(address);
}
