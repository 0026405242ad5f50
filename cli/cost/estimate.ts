/** What an environment costs by its configuration. The plan of a change is priced by its droplets, here it is all of it. */
import { PRICES, priceHourly, sizeOf } from '#config/digitalocean';
import type { ForgeConfig } from '#config/schema';

export interface CostItem {
  readonly item: string;
  readonly count: number;
  /** US dollars a month without tax, for all of them. */
  readonly monthly: number;
}

export interface Estimate {
  readonly items: readonly CostItem[];
  /** US dollars without tax. */
  readonly monthly: number;
  readonly hourly: number;
  /** What depends on use, or is known to nobody before. */
  readonly notPriced: readonly string[];
}

export interface ClaimedVolume {
  readonly name: string;
  readonly gigabytes: number;
}

/** @param volumes that the manifests claim */
export function estimate(config: ForgeConfig, volumes: readonly ClaimedVolume[]): Estimate {
  const { servers, workers } = config;
  const isBalanced = servers.count === 3;
  const gigabytes = volumes.reduce((total, volume) => total + volume.gigabytes, 0);
  const items: CostItem[] = [
    droplets(`server ${servers.size}`, servers.count, servers.size),
    ...workers.map(({ name, count, size }) => droplets(`worker ${name} ${size}`, count, size)),
    { item: 'load balancer of the entrance', count: 1, monthly: PRICES.regionalLoadBalancerNode.monthly },
    ...(isBalanced
      ? [{ item: 'load balancer of the API', count: 1, monthly: PRICES.networkLoadBalancerNode.monthly }]
      : []),
    { item: `volumes, ${gigabytes} GiB`, count: volumes.length, monthly: gigabytes * PRICES.volumeGiB.monthly },
    { item: `Spaces, ${PRICES.spaces.includedGiB} GiB`, count: 1, monthly: PRICES.spaces.monthly },
  ];
  const monthly = items.reduce((total, item) => total + item.monthly, 0);
  return { items, monthly, hourly: priceHourly(monthly), notPriced: NOT_PRICED };
}

const NOT_PRICED = [
  'traffic and storage beyond what is included',
  'a reserved IP while no droplet has it',
  'volumes of replicas that are added later',
  'taxes',
];

function droplets(item: string, count: number, slug: string): CostItem {
  return { item, count, monthly: count * (sizeOf(slug)?.priceMonthly ?? 0) };
}
