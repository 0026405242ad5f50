/** Monthly cost of what a stack has and will have, in US dollars without taxes. */
import { PRICES, sizeOf } from '#config/digitalocean';
import type { ResourceChange } from '../plan-file';

export interface Cost {
  readonly before: number;
  readonly after: number;
  /** What has a price that is not in the sums. */
  readonly notPriced: readonly string[];
}

type Values = Readonly<Record<string, unknown>> | null | undefined;

/** Undefined for what costs nothing. A number that is not known before the deploy is NaN. */
const PRICED: Readonly<Record<string, (values: NonNullable<Values>) => number>> = {
  digitalocean_droplet: ({ size }) => sizeOf(String(size))?.priceMonthly ?? NaN,
  digitalocean_loadbalancer: ({ type, size_unit: units }) => {
    const isNetwork = String(type).includes('NETWORK');
    const { monthly } = isNetwork ? PRICES.networkLoadBalancerNode : PRICES.regionalLoadBalancerNode;
    return monthly * (typeof units === 'number' && units > 0 ? units : 1);
  },
  digitalocean_volume: ({ size }) => (typeof size === 'number' ? size * PRICES.volumeGiB.monthly : NaN),
};

export function costOf(changes: readonly ResourceChange[]): Cost {
  const notPriced = new Set<string>();
  const sum = (side: 'before' | 'after') =>
    changes.reduce((total, { type, address, deposed, change }) => {
      const values = change[side] as Values;
      if (deposed !== undefined || values === null || values === undefined) return total;
      const price = PRICED[type]?.(values) ?? 0;
      if (Number.isNaN(price)) notPriced.add(address);
      return total + (Number.isNaN(price) ? 0 : price);
    }, 0);
  return { before: sum('before'), after: sum('after'), notPriced: [...notPriced] };
}
