/** DigitalOcean's API over HTTP: every kind of object, its tokens, its limits. */
import { startEmulatedApi, type ListenOptions, type RunningApi } from '../http/emulated-api';
import { countRequests } from '../http/request-count';
import type { Account } from './account';
import { actionRoutes } from './actions';
import { errorBody, type DigitalOceanRoute } from './answers';
import { dropletRoutes } from './droplet';
import { projectRoutes } from './project';
import { reservedIpRoutes } from './reserved-ip';
import { sshKeyRoutes } from './ssh-key';
import { tagRoutes } from './tag';
import { knownToken, permit } from './tokens';
import { vpcRoutes } from './vpc';

/** Documented limit of a token. */
const REQUESTS_PER_HOUR = 5000;

/** A new kind of object is a file beside this one, and its line here. */
export const DIGITALOCEAN_ROUTES: readonly DigitalOceanRoute[] = [
  ...actionRoutes,
  ...dropletRoutes,
  ...projectRoutes,
  ...reservedIpRoutes,
  ...sshKeyRoutes,
  ...tagRoutes,
  ...vpcRoutes,
];

/** Its URL is the value for DIGITALOCEAN_API_URL; paths begin with `/v2`. Faults are those of the account. */
export function startDigitalOceanApi(account: Account, options: ListenOptions): Promise<RunningApi> {
  const count = countRequests(REQUESTS_PER_HOUR);
  return startEmulatedApi(
    {
      name: 'DigitalOcean',
      routes: DIGITALOCEAN_ROUTES,
      conditions: account.conditions,
      caller: (token) => ({ account, token: knownToken(account.tokens, token) }),
      permit: ({ token }, scope) => permit(token, scope),
      commit: () => account.save(),
      errorBody,
      headers: () => {
        const { limit, remaining, reset } = count();
        return { 'ratelimit-limit': `${limit}`, 'ratelimit-remaining': `${remaining}`, 'ratelimit-reset': `${reset}` };
      },
    },
    options,
  );
}
