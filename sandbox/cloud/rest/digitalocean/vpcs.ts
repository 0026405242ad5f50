import type { Vpc } from '#sandbox/cloud/account/resources/vpc';
import { deleteVpc, getVpc, listVpcMembers, listVpcs } from '#sandbox/cloud/account/vpcs';
import { urn } from '#sandbox/cloud/account/urns';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

export const vpcRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/vpcs', async (session, request) =>
    listAnswer(request, 'vpcs', (await listVpcs(session)).map(body)),
  ),
  route('GET', '/v2/vpcs/{id}', async (session, { params }) =>
    oneAnswer('vpc', body(await getVpc(session, params['id']!))),
  ),
  route('GET', '/v2/vpcs/{id}/members', async (session, request) => {
    const members = await listVpcMembers(session, request.params['id']!);
    const bodies = members.map(({ createdAt, ...member }) => ({ ...member, created_at: createdAt }));
    return listAnswer(request, 'members', bodies);
  }),
  route('DELETE', '/v2/vpcs/{id}', async (session, { params }) => {
    await deleteVpc(session, params['id']!);
    return GONE;
  }),
];

function body({ id, name, description, region, ipRange, default: isDefault, createdAt }: Vpc): unknown {
  const own = { id, urn: urn.vpc(id), name, description };
  return { ...own, region, ip_range: ipRange, default: isDefault, created_at: createdAt };
}
