/** DigitalOcean's API over HTTP, on top of the emulated account. */
import { withToken, type Account } from '#sandbox/cloud/account/session';
import { knownToken } from '#sandbox/cloud/account/tokens';
import { countRequests } from '#sandbox/cloud/http/request-count';
import { startRestApi, type ListenOptions, type RunningApi } from '#sandbox/cloud/http/rest-server';
import { accountRoutes } from './account';
import { errorBody, type DigitalOceanRoute } from './answers';
import { catalogueRoutes } from './catalogue';
import { domainRoutes } from './domains';
import { dropletRoutes } from './droplets';
import { firewallRoutes } from './firewalls';
import { loadBalancerRoutes } from './load-balancers';
import { projectRoutes } from './projects';
import { reservedIpRoutes } from './reserved-ips';
import { spacesKeyRoutes } from './spaces-keys';
import { tagRoutes } from './tags';
import { volumeRoutes } from './volumes';
import { vpcRoutes } from './vpcs';

/** Documented limit of a token. */
const REQUESTS_PER_HOUR = 5000;

export const DIGITALOCEAN_ROUTES: readonly DigitalOceanRoute[] = [
  ...accountRoutes,
  ...catalogueRoutes,
  ...domainRoutes,
  ...dropletRoutes,
  ...firewallRoutes,
  ...loadBalancerRoutes,
  ...projectRoutes,
  ...reservedIpRoutes,
  ...spacesKeyRoutes,
  ...tagRoutes,
  ...volumeRoutes,
  ...vpcRoutes,
];

/** Its URL is the value for DIGITALOCEAN_API_URL; paths begin with `/v2`. Faults are those of the account. */
export function startDigitalOceanApi(account: Account, options: ListenOptions): Promise<RunningApi> {
  const count = countRequests(REQUESTS_PER_HOUR);
  return startRestApi(
    {
      name: 'DigitalOcean',
      routes: DIGITALOCEAN_ROUTES,
      session: (token) => {
        knownToken(account.tokens, token);
        return withToken(account, token);
      },
      errorBody,
      headers: () => {
        const { limit, remaining, reset } = count();
        return { 'ratelimit-limit': `${limit}`, 'ratelimit-remaining': `${remaining}`, 'ratelimit-reset': `${reset}` };
      },
    },
    options,
  );
}
