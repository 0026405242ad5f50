/** What DigitalOcean's resources cost a month, in US dollars without taxes: for `forge cost` and the comment on a plan. */
import { PRICES, sizeOf } from '#config/digitalocean';
import type { ResourceChange } from '../plan/plan-file';

/** As Terraform names them. */
type Attributes = Readonly<Record<string, unknown>>;

const PRICED: Readonly<Record<string, (attributes: Attributes) => number>> = {
  digitalocean_droplet: ({ size }) => sizeOf(String(size))?.priceMonthly ?? NaN,
  digitalocean_loadbalancer: ({ type, size_unit: units }) => {
    const isNetwork = String(type).includes('NETWORK');
    const { monthly } = isNetwork ? PRICES.networkLoadBalancerNode : PRICES.regionalLoadBalancerNode;
    return monthly * (typeof units === 'number' && units > 0 ? units : 1);
  },
  digitalocean_volume: ({ size }) => (typeof size === 'number' ? size * PRICES.volumeGiB.monthly : NaN),
};

/** 0 for what costs nothing, NaN for what depends on a value that is not known. */
export function monthlyPrice(type: string, attributes: Attributes): number {
  return PRICED[type]?.(attributes) ?? 0;
}

/** Of what a stack has and will have. */
export interface Cost {
  readonly before: number;
  readonly after: number;
  /** Addresses of what has a price that is not in the sums. */
  readonly notPriced: readonly string[];
}

export function costOf(changes: readonly ResourceChange[]): Cost {
  const notPriced = new Set<string>();
  const sum = (side: 'before' | 'after') =>
    changes.reduce((total, { type, address, deposed, change }) => {
      const values = change[side] as Attributes | null | undefined;
      if (deposed !== undefined || values === null || values === undefined) return total;
      const price = monthlyPrice(type, values);
      if (Number.isNaN(price)) notPriced.add(address);
      return total + (Number.isNaN(price) ? 0 : price);
    }, 0);
  return { before: sum('before'), after: sum('after'), notPriced: [...notPriced] };
}
