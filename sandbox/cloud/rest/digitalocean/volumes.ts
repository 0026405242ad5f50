import { z } from 'zod';
import type { Volume } from '#sandbox/cloud/account/resources/volume';
import {
  attachVolume,
  createVolume,
  deleteVolume,
  getVolume,
  listVolumes,
  resizeVolume,
} from '#sandbox/cloud/account/volumes';
import { timestamp, type Session } from '#sandbox/cloud/account/session';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, regionJson, type DigitalOceanRoute } from './answers';

const volume = z.object({
  name: z.string(),
  region: z.string(),
  size_gigabytes: z.int(),
  description: z.string().default(''),
  filesystem_type: z.string().default(''),
  filesystem_label: z.string().default(''),
  tags: z.array(z.string()).default([]),
});
const action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attach'), droplet_id: z.int() }),
  z.object({ type: z.literal('detach'), droplet_id: z.int() }),
  z.object({ type: z.literal('resize'), size_gigabytes: z.int() }),
]);

export const volumeRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/volumes', async (session, request) => {
    const { query } = request;
    const volumes = await listVolumes(session, query.get('name') ?? undefined, query.get('region') ?? undefined);
    return listAnswer(request, 'volumes', volumes.map(body));
  }),
  route('POST', '/v2/volumes', async (session, request) => {
    const { size_gigabytes, filesystem_type, filesystem_label, ...rest } = bodyOf(request, volume);
    const names = { filesystemType: filesystem_type, filesystemLabel: filesystem_label };
    return oneAnswer('volume', body(await createVolume(session, { ...rest, ...names, sizeGiB: size_gigabytes })), 201);
  }),
  route('GET', '/v2/volumes/{id}', async (session, { params }) =>
    oneAnswer('volume', body(await getVolume(session, params['id']!))),
  ),
  route('DELETE', '/v2/volumes/{id}', async (session, { params }) => {
    await deleteVolume(session, params['id']!);
    return GONE;
  }),
  route('POST', '/v2/volumes/{id}/actions', async (session, request) => {
    const wanted = bodyOf(request, action);
    const { region } = await act(session, request.params['id']!, wanted);
    return oneAnswer('action', completed(`${wanted.type}_volume`, region), 202);
  }),
];

function act(session: Session, id: string, wanted: z.infer<typeof action>): Promise<Volume> {
  if (wanted.type === 'resize') return resizeVolume(session, id, wanted.size_gigabytes);
  return attachVolume(session, id, wanted.type === 'attach' ? wanted.droplet_id : undefined);
}

/** Nothing takes time here, so nobody has to ask for the action by its id. */
function completed(type: string, region: string): unknown {
  const times = { started_at: timestamp(), completed_at: timestamp() };
  const about = { resource_type: 'volume', resource_id: null, region: regionJson(region), region_slug: region };
  return { id: Date.now(), status: 'completed', type, ...times, ...about };
}

function body(made: Volume): unknown {
  return {
    id: made.id,
    name: made.name,
    description: made.description,
    size_gigabytes: made.sizeGiB,
    region: regionJson(made.region),
    droplet_ids: made.dropletId === undefined ? [] : [made.dropletId],
    filesystem_type: made.filesystemType,
    filesystem_label: made.filesystemLabel,
    tags: made.tags,
    created_at: made.createdAt,
  };
}
