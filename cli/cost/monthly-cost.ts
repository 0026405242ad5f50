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
  digitalocean_uptime_check: () => PRICES.uptimeCheck.monthly,
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
  const priceOf = ({ type, address, deposed }: ResourceChange, values: unknown): number => {
    if (deposed !== undefined || typeof values !== 'object' || values === null) return 0;
    const price = monthlyPrice(type, values as Attributes);
    if (Number.isNaN(price)) notPriced.add(address);
    return Number.isNaN(price) ? 0 : price;
  };
  const before = changes.map((one) => priceOf(one, one.change.before));
  const after = changes.map((one, index) => {
    // What Terraform only forgets goes on costing.
    const left = one.change.actions.includes('forget') ? before[index]! : 0;
    return left + priceOf(one, one.change.after);
  });
  return { before: sumOf(before), after: sumOf(after), notPriced: [...notPriced] };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
