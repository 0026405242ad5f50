/** Regions, which the cloud controller manager looks its own up in at its start (its `dropletRegion`). */
import { REGIONS } from '#config/digitalocean';
import { route } from '../http/routes';
import { listed, regionBody, type DigitalOceanRoute } from './answers';

export const regionRoutes: readonly DigitalOceanRoute[] = [
  route('GET /v2/regions', 'regions:read', (_caller, request) =>
    listed(
      request,
      'regions',
      REGIONS.map(({ slug }) => regionBody(slug)),
    ),
  ),
];
