/** The account itself, as its owner sees it. */
import { route } from '../http/routes';
import type { Account } from './account';
import { listed, one, type DigitalOceanRoute } from './answers';

export const ownerRoutes: readonly DigitalOceanRoute[] = [
  route('GET /v2/account', 'account:read', ({ account }) => one('account', body(account))),
  // Nothing of the emulated cloud makes one.
  route('GET /v2/snapshots', 'snapshot:read', (_caller, request) => listed(request, 'snapshots', [])),
];

function body({ quotas, verifiedEmails, state: { owner } }: Account): unknown {
  return {
    droplet_limit: quotas.droplets,
    floating_ip_limit: quotas.reserved_ips,
    reserved_ip_limit: quotas.reserved_ips,
    volume_limit: quotas.volumes,
    email: verifiedEmails[0],
    name: 'Sandbox',
    uuid: owner.uuid,
    email_verified: true,
    status: 'active',
    status_message: '',
    team: { name: 'Sandbox', uuid: owner.uuid },
  };
}
