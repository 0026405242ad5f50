/** What DigitalOcean offers and what it costs: typed look-ups in digitalocean-catalogue.json. */
import data from './digitalocean-catalogue.json';

export interface Region {
  readonly slug: string;
  readonly name: string;
  /** Whether a Spaces bucket can be made there. */
  readonly spaces: boolean;
  /** CPU variants that are known to be missing there, as the ends of size slugs. */
  readonly lacks?: readonly string[];
}

export interface DropletSize {
  readonly slug: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  /** US dollars without tax. */
  readonly priceMonthly: number;
  readonly priceHourly: number;
}

/** Hours of the 28 days that DigitalOcean bills at most for a month. */
const BILLED_HOURS = 672;

export const REGIONS: readonly Region[] = data.regions;
export const SIZES: readonly DropletSize[] = data.sizes.map((size) => ({
  ...size,
  priceHourly: priceHourly(size.priceMonthly),
}));

/** Prices of everything but droplets, in US dollars a month without tax. A load balancer costs that for each node. */
export const PRICES = data.prices;

/** Day on which the data was last compared with DigitalOcean's pages, as YYYY-MM-DD. */
export const DATA_DATE = data.date;

const regionsBySlug = new Map(REGIONS.map((region) => [region.slug, region]));
const sizesBySlug = new Map(SIZES.map((size) => [size.slug, size]));

export function regionOf(slug: string): Region | undefined {
  return regionsBySlug.get(slug);
}

export function sizeOf(slug: string): DropletSize | undefined {
  return sizesBySlug.get(slug);
}

/** False only when the data says that the size is missing there. */
export function isOfferedIn(size: string, region: string): boolean {
  return !regionOf(region)?.lacks?.some((variant) => size.endsWith(`-${variant}`));
}

/** The price of an hour of something that costs so much a month, rounded as DigitalOcean's API does. */
export function priceHourly(priceMonthly: number): number {
  return Math.round((priceMonthly / BILLED_HOURS) * 1e5) / 1e5;
}
