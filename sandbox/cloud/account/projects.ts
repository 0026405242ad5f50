import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/api-error';
import { listBuckets } from '../spaces/buckets';
import { conflict, notFound, preconditionFailed, unprocessable } from './errors';
import { asEvent } from './events';
import type { Project } from './resources/project';
import { request as requestOf, timestamp, type Account, type Session } from './session';
import type { AccountState } from './state';
import { urn } from './urns';

export type ProjectRequest = Pick<Project, 'name' | 'description' | 'purpose' | 'environment'>;

const MAX_NAME = 175;
const MAX_TEXT = 255;
const WITH_EVENTS = /^do:(droplet|floatingip|reservedip):/;
const ENVIRONMENTS = ['', 'Development', 'Staging', 'Production'];

export function createProject(session: Session, wanted: ProjectRequest): Promise<Project> {
  const { state } = session.account;
  return request(session, 'project:create', 'POST', '/v2/projects', () => {
    check(state, wanted, undefined);
    const project = newProject(state.owner, wanted, false, timestamp());
    state.projects.push(project);
    return project;
  });
}

export function listProjects(session: Session): Promise<Project[]> {
  return request(session, 'project:read', 'GET', '/v2/projects', () => [...session.account.state.projects]);
}

/** @param id `default` is the default project */
export function getProject(session: Session, id: string): Promise<Project> {
  const { state } = session.account;
  return request(session, 'project:read', 'GET', `/v2/projects/${id}`, () =>
    id === 'default' ? defaultProject(state) : find(state, id),
  );
}

export function updateProject(
  session: Session,
  id: string,
  change: ProjectRequest & { isDefault: boolean },
): Promise<Project> {
  const { state } = session.account;
  return request(session, 'project:update', 'PUT', `/v2/projects/${id}`, () => {
    const project = find(state, id);
    check(state, change, id);
    if (change.isDefault) for (const other of state.projects) other.isDefault = false;
    return Object.assign(project, change, {
      isDefault: change.isDefault || project.isDefault,
      environment: capitalised(change.environment),
      updatedAt: timestamp(),
    });
  });
}

export function deleteProject(session: Session, id: string): Promise<void> {
  const { state } = session.account;
  return request(session, 'project:delete', 'DELETE', `/v2/projects/${id}`, () => {
    const project = find(state, id);
    if (project.isDefault) throw conflict('Cannot delete default project');
    if (project.resources.length > 0) throw preconditionFailed('cannot delete a project with resources');
    state.projects = state.projects.filter((candidate) => candidate !== project);
  });
}

/** Moves things into a project, out of the one that they are in. `default` is the default project. */
export function assignResources(session: Session, id: string, urns: readonly string[]): Promise<string[]> {
  const { account } = session;
  const { state } = account;
  const path = `/v2/projects/${id}/resources`;
  return asEvent(
    session,
    urns.filter((text) => WITH_EVENTS.test(text)).map((text) => text.replace('do:reservedip:', 'do:floatingip:')),
    (begin) =>
      request(session, 'project:update', 'POST', path, () => {
        const project = id === 'default' ? defaultProject(state) : find(state, id);
        const wanted = urns.map((text) => canonical(account, text));
        begin();
        // Droplets take their reserved IPs along, so they go first.
        for (const text of wanted.sort()) move(state, text, project);
        return [...project.resources];
      }),
    { scope: 'project:read', path },
  );
}

/** A new thing belongs to the default project until it is moved. */
export function holdInDefaultProject(state: AccountState, text: string): void {
  defaultProject(state).resources.push(text);
}

/** A thing is gone. */
export function forgetUrn(state: AccountState, text: string): void {
  for (const project of state.projects) project.resources = project.resources.filter((held) => held !== text);
}

/** Buckets come and go over S3, which knows no projects: a new one belongs to the default project. */
const request: typeof requestOf = (session, scope, method, path, work) =>
  requestOf(session, scope, method, path, () => {
    const { state, store } = session.account;
    const buckets = listBuckets(store).map(({ name }) => urn.space(name));
    const held = state.projects.flatMap(({ resources }) => resources);
    for (const text of held) if (text.startsWith(urn.space('')) && !buckets.includes(text)) forgetUrn(state, text);
    for (const text of buckets) if (!held.includes(text)) holdInDefaultProject(state, text);
    return work();
  });

/** The project that every account has. */
export function presetProject(owner: AccountState['owner'], createdAt: string): Project {
  const wanted = { name: 'first-project', description: '', purpose: 'Just trying out DigitalOcean', environment: '' };
  return newProject(owner, wanted, true, createdAt);
}

function newProject(
  owner: AccountState['owner'],
  wanted: ProjectRequest,
  isDefault: boolean,
  createdAt: string,
): Project {
  return {
    id: randomUUID(),
    ownerId: owner.id,
    ownerUuid: owner.uuid,
    ...wanted,
    environment: capitalised(wanted.environment),
    isDefault,
    resources: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** The name under which the project holds a thing; 404 when there is no such thing. */
function canonical({ state, store }: Account, text: string): string {
  const ip = /^do:(?:reservedip|floatingip):(.+)$/.exec(text)?.[1];
  const known = new Set([
    ...state.droplets.map(({ id }) => urn.droplet(id)),
    ...state.loadBalancers.map(({ id }) => urn.loadBalancer(id)),
    ...state.reservedIps.map((reserved) => urn.floatingIp(reserved.ip)),
    ...state.volumes.map(({ id }) => urn.volume(id)),
    ...state.domains.map(({ name }) => urn.domain(name)),
    ...listBuckets(store).map(({ name }) => urn.space(name)),
  ]);
  const held = ip === undefined ? text : urn.floatingIp(ip);
  if (known.has(held)) return held;
  throw new ApiError(404, 'not_found', `resource ${text} does not exist or cannot belong to a project`);
}

function move(state: AccountState, text: string, project: Project): void {
  if (project.resources.includes(text)) return;
  const reserved = state.reservedIps.find(({ ip }) => urn.floatingIp(ip) === text);
  if (reserved?.dropletId !== undefined && !project.resources.includes(urn.droplet(reserved.dropletId))) {
    throw preconditionFailed('Cannot move a Reserved IP with an associated Droplet. Move the Droplet instead');
  }
  forgetUrn(state, text);
  project.resources.push(text);
  const taken = state.reservedIps.filter(({ dropletId }) => dropletId !== undefined && urn.droplet(dropletId) === text);
  for (const { ip } of taken) move(state, urn.floatingIp(ip), project);
}

function defaultProject(state: AccountState): Project {
  return state.projects.find(({ isDefault }) => isDefault)!;
}

function find(state: AccountState, id: string): Project {
  const project = state.projects.find((candidate) => candidate.id === id);
  if (project === undefined) throw notFound();
  return project;
}

function check(state: AccountState, { name, description, purpose, environment }: ProjectRequest, own?: string): void {
  if (name === '' || name.length > MAX_NAME) throw unprocessable('name must be 1 to 175 characters long');
  if (purpose === '' || purpose.length > MAX_TEXT) throw unprocessable('purpose must be 1 to 255 characters long');
  if (description.length > MAX_TEXT) throw unprocessable('description must be at most 255 characters long');
  if (!ENVIRONMENTS.includes(capitalised(environment))) throw unprocessable('environment is invalid');
  if (state.projects.some((project) => project.name === name && project.id !== own)) {
    throw conflict('name is already in use');
  }
}

/** `production` as the API keeps it: `Production`. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
