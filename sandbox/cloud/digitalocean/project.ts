/** Projects: named groups of what the account holds. A thing is in one at most, and knows which: see `Held`. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../http/api-error';
import { bodyOf } from '../http/request-body';
import { route, type RestRequest } from '../http/routes';
import { begin, refuseBusy, settle } from './actions';
import { collection, everything, timestamp, type Account, type Held } from './account';
import { created, GONE, listed, one, type DigitalOceanRoute } from './answers';
import { conflict, preconditionFailed } from './errors';

const environment = z
  .string()
  // `production` is kept as `Production`.
  .transform((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase())
  .pipe(z.enum(['', 'Development', 'Staging', 'Production'], 'is invalid'));
const project = z.object({
  id: z.string(),
  owner_uuid: z.string(),
  owner_id: z.int(),
  name: z.string().min(1, 'is required').max(175, 'must be at most 175 characters long'),
  description: z.string().max(255, 'must be at most 255 characters long'),
  purpose: z.string().min(1, 'is required').max(255, 'must be at most 255 characters long'),
  environment,
  is_default: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Project = z.infer<typeof project> & Held;

const { name, description, purpose } = project.shape;
const createRequest = z.object({
  name,
  purpose,
  description: description.default(''),
  environment: environment.default(''),
});
const changeRequest = z.object({ name, description, purpose, environment, is_default: z.boolean() });
const resourcesRequest = z.object({ resources: z.array(z.string()) });

const projects = collection<Project>('projects', 'id');
/** Buckets come and go over S3, which knows no projects: what a project says of them follows. */
const spaces = collection<Held & { name: string }>('spaces', 'name');

export const projectRoutes: readonly DigitalOceanRoute[] = [
  route('POST /v2/projects', 'project:create', ({ account }, request) =>
    created('project', addProject(account, bodyOf(request, createRequest), false)),
  ),
  route('GET /v2/projects', 'project:read', ({ account }, request) =>
    listed(request, 'projects', projects.of(account)),
  ),
  route('GET /v2/projects/{id}', 'project:read', ({ account }, request) => one('project', find(account, request))),
  route('PATCH /v2/projects/{id}', 'project:update', ({ account }, request) =>
    one('project', change(account, find(account, request), bodyOf(request, changeRequest.partial()))),
  ),
  route('DELETE /v2/projects/{id}', 'project:delete', ({ account }, request) => {
    const found = find(account, request);
    if (found.is_default) throw conflict('Cannot delete default project');
    if (membersOf(account, found).length > 0) throw preconditionFailed('cannot delete a project with resources');
    projects.remove(account, found);
    return GONE;
  }),
  route('GET /v2/projects/{id}/resources', 'project:read', ({ account }, request) => {
    const found = find(account, request);
    settle(account, `do:project:${found.id}`);
    return listed(
      request,
      'resources',
      membersOf(account, found).map((urn) => resource(urn, found, request, 'ok')),
    );
  }),
  route('POST /v2/projects/{id}/resources', 'project:update', ({ account }, request) => {
    const found = find(account, request);
    const wanted = bodyOf(request, resourcesRequest).resources.map((urn) => ({ urn, thing: member(account, urn) }));
    const things = wanted.flatMap(({ thing }) => thing ?? []);
    const busy = things.map(({ urn }) => urn!).filter((urn) => /^do:(droplet|floatingip):/.test(urn));
    refuseBusy(account, busy);
    // Droplets take their reserved IPs along, so they go first.
    for (const thing of things.sort((a, b) => (a.urn! < b.urn! ? -1 : 1))) move(account, thing, found);
    begin(account, 'assign_resources', { urn: `do:project:${found.id}`, busy });
    return listed(
      request,
      'resources',
      wanted.map(({ urn, thing }) => resource(urn, found, request, thing ? 'assigned' : 'not_found')),
    );
  }),
];

/** What makes a new thing one of the default project, until it is moved. */
export function inDefaultProject(account: Account, urn: string): Required<Pick<Held, 'urn' | 'project_id'>> {
  return { urn, project_id: projects.of(account).find(({ is_default }) => is_default)!.id };
}

/** The project of a thing that names one. @throws 404 */
export function projectOf(account: Account, id: string): Project {
  return projects.find(account, id);
}

/** The project that every account has. */
export function addDefaultProject(account: Account): void {
  const purpose = 'Just trying out DigitalOcean';
  addProject(account, { name: 'first-project', description: '', purpose, environment: '' }, true);
}

function addProject(account: Account, wanted: z.infer<typeof createRequest>, isDefault: boolean): Project {
  checkName(account, wanted.name, undefined);
  const { id: owner_id, uuid: owner_uuid } = account.state.owner;
  const times = { created_at: timestamp(), updated_at: timestamp() };
  return projects.add(account, { id: randomUUID(), owner_uuid, owner_id, ...wanted, is_default: isDefault, ...times });
}

function change(account: Account, found: Project, wanted: Partial<z.infer<typeof changeRequest>>): Project {
  checkName(account, wanted.name ?? found.name, found);
  if (wanted.is_default) for (const other of projects.of(account)) other.is_default = false;
  // Another one has to become the default.
  const is_default = wanted.is_default || found.is_default;
  return Object.assign(found, wanted, { is_default, updated_at: timestamp() });
}

function checkName(account: Account, name: string, own: Project | undefined): void {
  if (projects.of(account).some((other) => other.name === name && other !== own)) {
    throw conflict('name is already in use');
  }
}

/** `default` names the default project. */
function find(account: Account, { params: { id } }: RestRequest): Project {
  followBuckets(account);
  return id === 'default' ? projects.of(account).find(({ is_default }) => is_default)! : projects.find(account, id);
}

function followBuckets(account: Account): void {
  const names = account.buckets();
  for (const space of spaces.of(account)) if (!names.includes(space.name)) spaces.remove(account, space);
  for (const name of names) {
    if (spaces.of(account).some((space) => space.name === name)) continue;
    spaces.add(account, { name, ...inDefaultProject(account, `do:space:${name}`) });
  }
}

function membersOf(account: Account, { id }: Project): string[] {
  return everything(account).flatMap(({ urn, project_id }) => (urn !== undefined && project_id === id ? [urn] : []));
}

/** What can belong to a project (provider documentation of `digitalocean_project`, as far as it is emulated). */
const KINDS = /^do:(droplet|floatingip|loadbalancer|domain|space|volume):/;

/**
 * Projects call a reserved IP a floating one, whatever name they were given (provider issues 1031 and 1264).
 *
 * @returns undefined for what is gone, of which the answer says `not_found` (OpenAPI description of the API, `status`)
 */
function member(account: Account, given: string): Held | undefined {
  const urn = given.replace(/^do:reservedip:/, 'do:floatingip:');
  if (KINDS.test(urn)) return everything(account).find((thing) => thing.urn === urn && thing.project_id !== undefined);
  throw new ApiError(404, 'not_found', `resource ${given} does not exist or cannot belong to a project`);
}

function move(account: Account, thing: Held, { id }: Project): void {
  const all = everything(account);
  const droplet = all.find(({ urn }) => urn === `do:droplet:${thing.droplet_id}`);
  if (thing.project_id !== id && droplet !== undefined && droplet.project_id !== id) {
    throw preconditionFailed('Cannot move a Reserved IP with an associated Droplet. Move the Droplet instead');
  }
  thing.project_id = id;
  for (const other of all) if (thing.urn === `do:droplet:${other.droplet_id}`) other.project_id = id;
}

function resource(urn: string, { updated_at }: Project, { origin }: RestRequest, status: string): unknown {
  const [, kind, id] = urn.split(':') as [string, string, string];
  const path = kind === 'loadbalancer' ? 'load_balancers' : `${kind.replace('floatingip', 'floating_ip')}s`;
  return { urn, assigned_at: updated_at, links: { self: `${origin}/v2/${path}/${id}` }, status };
}
