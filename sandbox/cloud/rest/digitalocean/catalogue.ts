/** What DigitalOcean offers: from the project's own data. */
import { isOfferedIn, REGIONS, SIZES, type DropletSize } from '#config/digitalocean';
import { request as perform } from '#sandbox/cloud/account/session';
import { route } from '#sandbox/cloud/http/router';
import { listAnswer, regionBody, type DigitalOceanRoute } from './answers';

const MIB_IN_GIB = 1024;

export const catalogueRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/regions', (session, request) =>
    perform(session, 'regions:read', 'GET', '/v2/regions', () =>
      listAnswer(request, 'regions', REGIONS.map(regionBody)),
    ),
  ),
  route('GET', '/v2/sizes', (session, request) =>
    perform(session, 'sizes:read', 'GET', '/v2/sizes', () => listAnswer(request, 'sizes', SIZES.map(sizeBody))),
  ),
];

export function sizeBody(size: DropletSize): unknown {
  const { slug, memoryMiB, vcpus, diskGiB, priceMonthly, priceHourly } = size;
  return {
    slug,
    memory: memoryMiB,
    vcpus,
    disk: diskGiB,
    transfer: memoryMiB / MIB_IN_GIB,
    price_monthly: priceMonthly,
    price_hourly: priceHourly,
    regions: REGIONS.filter((region) => isOfferedIn(slug, region.slug)).map((region) => region.slug),
    available: true,
  };
}
