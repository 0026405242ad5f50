/** What an environment costs by its configuration. */
import { isSomebodyTold } from '#config/alerts';
import { PRICES, priceHourly } from '#config/digitalocean';
import { hostsOf } from '#config/hosts';
import type { ForgeConfig } from '#config/schema';
import { monthlyPrice } from './monthly-cost';

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

const NOT_PRICED = [
  'traffic and storage beyond what is included',
  'a reserved IP while no droplet has it',
  'volumes of replicas that are added later',
  'taxes',
];

/** @param volumes that the manifests claim */
export function estimate(config: ForgeConfig, volumes: readonly ClaimedVolume[]): Estimate {
  const { servers, workers } = config;
  const size = volumes.reduce((total, { gigabytes }) => total + gigabytes, 0);
  const apiLoadBalancer = {
    item: 'load balancer of the API',
    count: 1,
    monthly: monthlyPrice('digitalocean_loadbalancer', { type: 'REGIONAL_NETWORK' }),
  };
  const hosts = hostsOf(config).length;
  const uptimeChecks = {
    item: 'uptime checks',
    count: hosts,
    monthly: hosts * monthlyPrice('digitalocean_uptime_check', {}),
  };
  const items: CostItem[] = [
    droplets(`server ${servers.size}`, servers),
    ...workers.map((pool) => droplets(`worker ${pool.name} ${pool.size}`, pool)),
    {
      item: 'load balancer of the entrance',
      count: 1,
      monthly: monthlyPrice('digitalocean_loadbalancer', { type: 'REGIONAL' }),
    },
    ...(servers.count === 3 ? [apiLoadBalancer] : []),
    ...(isSomebodyTold(config) ? [uptimeChecks] : []),
    { item: `volumes, ${size} GiB`, count: volumes.length, monthly: monthlyPrice('digitalocean_volume', { size }) },
    { item: `Spaces, ${PRICES.spaces.includedGiB} GiB`, count: 1, monthly: PRICES.spaces.monthly },
  ];
  const monthly = items.reduce((total, item) => total + item.monthly, 0);
  return { items, monthly, hourly: priceHourly(monthly), notPriced: NOT_PRICED };
}

function droplets(item: string, { count, size }: { readonly count: number; readonly size: string }): CostItem {
  return { item, count, monthly: count * monthlyPrice('digitalocean_droplet', { size }) };
}
