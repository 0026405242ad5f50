import { z } from 'zod';
import { createTag, deleteTag, getTag, listTags, type Tag } from '#sandbox/cloud/account/tags';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

const tag = z.object({ name: z.string() });

export const tagRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/tags', async (session, request) =>
    listAnswer(request, 'tags', (await listTags(session)).map(body)),
  ),
  route('POST', '/v2/tags', async (session, request) =>
    oneAnswer('tag', body(await createTag(session, bodyOf(request, tag).name)), 201),
  ),
  route('GET', '/v2/tags/{name}', async (session, { params }) =>
    oneAnswer('tag', body(await getTag(session, params['name']!))),
  ),
  route('DELETE', '/v2/tags/{name}', async (session, { params }) => {
    await deleteTag(session, params['name']!);
    return GONE;
  }),
];

function body({ name, droplets, volumes }: Tag): unknown {
  const none = { count: 0 };
  const counts = { droplets: { count: droplets }, volumes: { count: volumes } };
  const resources = { count: droplets + volumes, ...counts, images: none, volume_snapshots: none, databases: none };
  return { name, resources };
}
