import type { SpacesKey } from '#sandbox/cloud/account/resources/spaces-key';
import { deleteSpacesKey, getSpacesKey, listSpacesKeys } from '#sandbox/cloud/account/spaces-keys';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

export const spacesKeyRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/spaces/keys', async (session, request) =>
    listAnswer(request, 'keys', (await listSpacesKeys(session)).map(body)),
  ),
  route('GET', '/v2/spaces/keys/{accessKey}', async (session, { params }) =>
    oneAnswer('key', body(await getSpacesKey(session, params['accessKey']!))),
  ),
  route('DELETE', '/v2/spaces/keys/{accessKey}', async (session, { params }) => {
    await deleteSpacesKey(session, params['accessKey']!);
    return GONE;
  }),
];

/** Without the secret, which only the answer to its creation holds. */
function body({ name, accessKey, grants, createdAt }: Omit<SpacesKey, 'secretKey'>): unknown {
  return { name, access_key: accessKey, grants, created_at: createdAt };
}
