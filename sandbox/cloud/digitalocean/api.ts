/** DigitalOcean's API over HTTP: every kind of object, its tokens, its limits. */
import { startEmulatedApi, type ListenOptions, type RunningApi } from '../http/emulated-api';
import { countRequests } from '../http/request-count';
import type { Account } from './account';
import { actionRoutes } from './actions';
import { alertPolicyRoutes } from './alert-policy';
import { errorBody, type DigitalOceanRoute } from './answers';
import { domainRoutes } from './domain';
import { dropletRoutes } from './droplet';
import { firewallRoutes } from './firewall';
import { refreshForwarders } from './forwarders';
import { loadBalancerRoutes } from './load-balancer';
import { ownerRoutes } from './owner';
import { projectRoutes } from './project';
import { regionRoutes } from './region';
import { reservedIpRoutes } from './reserved-ip';
import { spacesKeyRoutes } from './spaces-key';
import { sshKeyRoutes } from './ssh-key';
import { tagRoutes } from './tag';
import { knownToken, permit } from './tokens';
import { uptimeRoutes } from './uptime';
import { volumeRoutes } from './volume';
import { vpcRoutes } from './vpc';

/** Documented limit of a token. */
const REQUESTS_PER_HOUR = 5000;

/** A new kind of object is a file beside this one, and its line here. */
const ROUTES: readonly DigitalOceanRoute[] = [
  ...actionRoutes,
  ...alertPolicyRoutes,
  ...domainRoutes,
  ...dropletRoutes,
  ...firewallRoutes,
  ...loadBalancerRoutes,
  ...ownerRoutes,
  ...projectRoutes,
  ...regionRoutes,
  ...reservedIpRoutes,
  ...spacesKeyRoutes,
  ...sshKeyRoutes,
  ...tagRoutes,
  ...uptimeRoutes,
  ...volumeRoutes,
  ...vpcRoutes,
];

/** Its URL is the value for DIGITALOCEAN_API_URL; paths begin with `/v2`. Faults are those of the account. */
export function startDigitalOceanApi(account: Account, options: ListenOptions): Promise<RunningApi> {
  const count = countRequests(REQUESTS_PER_HOUR);
  return startEmulatedApi(
    {
      name: 'DigitalOcean',
      routes: ROUTES,
      conditions: account.conditions,
      caller: (token) => ({ account, token: knownToken(account.tokens, token) }),
      permit: ({ token }, scope) => permit(token, scope),
      commit: () => {
        account.save();
        return refreshForwarders(account);
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
