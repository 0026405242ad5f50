import {
  assignResources,
  createProject,
  deleteProject,
  getProject,
  updateProject,
  capitalised,
  type ProjectRequest,
} from '#sandbox/cloud/account/projects';
import type { Project } from '#sandbox/cloud/account/resources/project';
import type { Change, ResourceType, ValueObject } from '../engine/resource';
import { flag, optional, text, texts } from '../attributes';
import { calling, deleting, reading, type DigitalOceanClient } from './client';

const DEFAULT_PROJECT = 'default';

export const project: ResourceType<DigitalOceanClient> = {
  defaults: { description: '', purpose: 'Web Application', is_default: false },
  changesOnUpdate: ['updated_at'],
  // The API capitalises it, whatever the configuration does.
  stored: { environment: (value) => (typeof value === 'string' ? capitalised(value) : value) },
  create: ({ client, planned }) =>
    calling('Error creating Project', async () => {
      const { session } = client;
      const made = await createProject(session, request(planned));
      await assignOrGiveUp(client, made.id, texts(planned, 'resources'));
      if (flag(planned, 'is_default')) await updateProject(session, made.id, { ...request(planned), isDefault: true });
      return attributes(made, planned);
    }),
  read: ({ client, state }) =>
    reading('Error reading Project', async () => {
      const found = await getProject(client.session, text(state, 'id'));
      return { ...attributes(found, state), resources: found.resources };
    }),
  update: (change) => calling('Error updating Project', () => update(change)),
  delete: ({ client, state }) =>
    deleting('Error deleting project', async () => {
      // What was deleted in the meantime needs no other project.
      const { id, resources } = await getProject(client.session, text(state, 'id'));
      await move(client, DEFAULT_PROJECT, resources);
      await deleteProject(client.session, id);
    }),
  import: ({ id }) => Promise.resolve({ id }),
};

export const projectResources: ResourceType<DigitalOceanClient> = {
  forceNew: ['project'],
  create: ({ client, planned }) =>
    calling('Error assigning resources to project', async () => {
      const id = text(planned, 'project');
      await getProject(client.session, id);
      await move(client, id, texts(planned, 'resources'));
      return { id };
    }),
  read: ({ client, state }) =>
    reading('Error while retrieving project', async () => {
      const { id, resources } = await getProject(client.session, text(state, 'id'));
      return { project: id, resources: texts(state, 'resources').filter((urn) => resources.includes(urn)) };
    }),
  update: ({ client, prior, planned }) =>
    calling('Error assigning resources to project', async () => {
      await changeResources(client, text(planned, 'project'), prior, planned);
      return {};
    }),
  delete: ({ client, state }) =>
    deleting('Error assigning resources to default project', async () => {
      await getProject(client.session, text(state, 'project'));
      await move(client, DEFAULT_PROJECT, texts(state, 'resources'));
    }),
};

/** A new project that cannot take its resources is deleted again. */
async function assignOrGiveUp(client: DigitalOceanClient, id: string, urns: readonly string[]): Promise<void> {
  try {
    await move(client, id, urns);
  } catch (error) {
    await deleteProject(client.session, id);
    throw error;
  }
}

async function update({ client, prior, planned }: Change<DigitalOceanClient>): Promise<ValueObject> {
  const id = text(planned, 'id');
  const change = { ...request(planned), isDefault: flag(planned, 'is_default') };
  const changed = await updateProject(client.session, id, change);
  await changeResources(client, id, prior, planned);
  return attributes(changed, planned);
}

async function changeResources(
  client: DigitalOceanClient,
  id: string,
  prior: ValueObject,
  planned: ValueObject,
): Promise<void> {
  const [before, after] = [texts(prior, 'resources'), texts(planned, 'resources')];
  const removed = before.filter((urn) => !after.includes(urn));
  const added = after.filter((urn) => !before.includes(urn));
  await move(client, DEFAULT_PROJECT, removed);
  await move(client, id, added);
}

async function move({ session }: DigitalOceanClient, id: string, urns: readonly string[]): Promise<void> {
  if (urns.length > 0) await assignResources(session, id, urns);
}

function request(planned: ValueObject): ProjectRequest {
  return {
    name: text(planned, 'name'),
    description: text(planned, 'description'),
    purpose: text(planned, 'purpose'),
    environment: text(planned, 'environment'),
  };
}

function attributes(made: Project, state: ValueObject): ValueObject {
  return {
    id: made.id,
    name: made.name,
    description: made.description,
    purpose: made.purpose,
    environment: optional(state, 'environment', made.environment),
    is_default: made.isDefault,
    owner_id: made.ownerId,
    owner_uuid: made.ownerUuid,
    created_at: made.createdAt,
    updated_at: made.updatedAt,
    // After a change the state holds what was asked for; the next read shows what became of it.
    resources: texts(state, 'resources'),
  };
}
