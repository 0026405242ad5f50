import { request as perform, type Account } from '#sandbox/cloud/account/session';
import { route } from '#sandbox/cloud/http/router';
import { listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

export const accountRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/account', (session) =>
    perform(session, 'account:read', 'GET', '/v2/account', () => oneAnswer('account', body(session.account))),
  ),
  // No operation of the emulated cloud makes one.
  route('GET', '/v2/snapshots', (session, request) =>
    perform(session, 'snapshot:read', 'GET', '/v2/snapshots', () => listAnswer(request, 'snapshots', [])),
  ),
];

function body({ quotas, state }: Account): unknown {
  return {
    droplet_limit: quotas.droplets,
    floating_ip_limit: quotas.reservedIps,
    reserved_ip_limit: quotas.reservedIps,
    volume_limit: quotas.volumes,
    email: 'owner@sandbox.example',
    name: 'Sandbox',
    uuid: state.owner.uuid,
    email_verified: true,
    status: 'active',
    status_message: '',
    team: { name: 'Sandbox', uuid: state.owner.uuid },
  };
}
