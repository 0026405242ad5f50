import { deleteProject, getProject, listProjects } from '#sandbox/cloud/account/projects';
import type { Project } from '#sandbox/cloud/account/resources/project';
import { route } from '#sandbox/cloud/http/router';
import { GONE, listAnswer, oneAnswer, type DigitalOceanRoute } from './answers';

export const projectRoutes: readonly DigitalOceanRoute[] = [
  route('GET', '/v2/projects', async (session, request) =>
    listAnswer(request, 'projects', (await listProjects(session)).map(body)),
  ),
  route('GET', '/v2/projects/{id}', async (session, { params }) =>
    oneAnswer('project', body(await getProject(session, params['id']!))),
  ),
  route('DELETE', '/v2/projects/{id}', async (session, { params }) => {
    await deleteProject(session, params['id']!);
    return GONE;
  }),
  route('GET', '/v2/projects/{id}/resources', async (session, request) => {
    const { resources, updatedAt } = await getProject(session, request.params['id']!);
    const bodies = resources.map((urn) => ({
      urn,
      assigned_at: updatedAt,
      links: { self: `${request.origin}${pathOf(urn)}` },
      status: 'ok',
    }));
    return listAnswer(request, 'resources', bodies);
  }),
];

/** Where the API has each kind of thing that a project can hold. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  droplet: '/v2/droplets',
  loadbalancer: '/v2/load_balancers',
  volume: '/v2/volumes',
  domain: '/v2/domains',
  floatingip: '/v2/floating_ips',
  space: '/v2/spaces',
};

function pathOf(urn: string): string {
  const [, kind, id] = /^do:(\w+):(.+)$/.exec(urn)!;
  return `${COLLECTIONS[kind!]}/${id}`;
}

function body(project: Project): unknown {
  return {
    id: project.id,
    owner_uuid: project.ownerUuid,
    owner_id: project.ownerId,
    name: project.name,
    description: project.description,
    purpose: project.purpose,
    environment: project.environment,
    is_default: project.isDefault,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
  };
}
