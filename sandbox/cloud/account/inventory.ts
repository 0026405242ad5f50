import { listBuckets } from '../spaces/buckets';
import type { Account } from './session';

/** One object that somebody pays for or trips over. */
export interface InventoryItem {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** Domain records that come with every zone. */
const ZONE_RECORDS = ['SOA', 'NS'];

/**
 * Everything in the account but its presets: what a destroy must leave nothing of. Presets are the tokens, SSH keys,
 * the domain (not records added to it), the default project and the regions' default VPCs. The state bucket counts.
 */
export function inventory({ state, store }: Account): InventoryItem[] {
  const named = (kind: string, things: readonly { id: string | number; name: string }[]) =>
    things.map(({ id, name }) => ({ kind, id: `${id}`, name }));
  return [
    ...named('droplet', state.droplets),
    ...named(
      'vpc',
      state.vpcs.filter((vpc) => !vpc.default),
    ),
    ...named('firewall', state.firewalls),
    ...named('load balancer', state.loadBalancers),
    ...state.reservedIps.map(({ ip }) => ({ kind: 'reserved IP', id: ip, name: ip })),
    ...named('volume', state.volumes),
    ...state.domains.filter(({ preset }) => !preset).map(({ name }) => ({ kind: 'domain', id: name, name })),
    ...state.domains.flatMap(({ name: domain, records }) =>
      records
        .filter(({ type }) => !ZONE_RECORDS.includes(type))
        .map(({ id, type, name }) => ({ kind: 'domain record', id: `${id}`, name: `${type} ${name}.${domain}` })),
    ),
    ...named(
      'project',
      state.projects.filter(({ isDefault }) => !isDefault),
    ),
    ...state.tags.map((name) => ({ kind: 'tag', id: name, name })),
    ...state.spacesKeys.map(({ accessKey, name }) => ({ kind: 'Spaces key', id: accessKey, name })),
    ...listBuckets(store).map(({ name }) => ({ kind: 'bucket', id: name, name })),
  ];
}
