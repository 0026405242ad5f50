import { deleteReservedIp, getReservedIp, listReservedIps } from '#sandbox/cloud/account/reserved-ips';
import type { ReservedIp } from '#sandbox/cloud/account/resources/reserved-ip';
import type { AccountState } from '#sandbox/cloud/account/state';
import { urn } from '#sandbox/cloud/account/urns';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, regionJson, type DigitalOceanRoute } from './answers';
import { dropletBody } from './droplets';

export const reservedIpRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/reserved_ips', async (session, request) => {
    const reserved = await listReservedIps(session);
    const bodies = reserved.map((one) => body(session.account.state, one));
    return listAnswer(request, 'reserved_ips', bodies);
  }),
  route('GET', '/v2/reserved_ips/{ip}', async (session, { params }) =>
    oneAnswer('reserved_ip', body(session.account.state, await getReservedIp(session, params['ip']!))),
  ),
  route('DELETE', '/v2/reserved_ips/{ip}', async (session, { params }) => {
    await deleteReservedIp(session, params['ip']!);
    return GONE;
  }),
];

function body(state: AccountState, { ip, region, dropletId }: ReservedIp): unknown {
  const droplet = state.droplets.find(({ id }) => id === dropletId);
  const project = state.projects.find(({ resources }) => resources.includes(urn.floatingIp(ip)));
  return {
    ip,
    region: regionJson(region),
    droplet: droplet === undefined ? null : dropletBody(state, droplet),
    locked: false,
    project_id: project?.id ?? '',
  };
}
