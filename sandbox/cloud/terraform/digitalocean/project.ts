import type { Change, Existing, ResourceType, ValueObject } from '../engine/resource';
import { ifThere, type RestClient } from '../rest-client';
import { text, texts } from '../attributes';
import { fieldsOf } from './api-resource';
import { failingAs, listOf } from './client';
import { deletePatiently, timeOutsOf } from './time-outs';

const PATH = '/v2/projects';
const ARGUMENTS = ['name', 'description', 'purpose'];
/** Moving resources takes the API a while. Source: resource_project.go. */
const WHILE_IT_HAS_RESOURCES = { seconds: 180, refusals: [412] };

interface Project extends ValueObject {
  readonly id: string;
  readonly purpose: string;
}

export const project: ResourceType<RestClient> = {
  arguments: [...ARGUMENTS, 'resources', 'timeouts'],
  defaults: { purpose: 'Web Application', is_default: false },
  create: async ({ client, planned }) => {
    const making = client.post<{ project: Project }>(PATH, fieldsOf(planned, ARGUMENTS));
    const { project: made } = await failingAs('Error creating Project', making);
    await failingAs('Error creating Project: Error assigning resources', assignOrGiveUp(client, made, planned));
    return (await read(client, made.id)) ?? {};
  },
  read: ({ client, state }) => read(client, text(state, 'id')),
  update: (change) => update(change),
  delete: (existing) => remove(existing),
  privateState: timeOutsOf,
  import: ({ id }) => Promise.resolve({ id }),
};

async function read(client: RestClient, id: string): Promise<ValueObject | null> {
  const words = 'Error reading Project';
  const found = await failingAs(words, ifThere(client.get<{ project: Project }>(`${PATH}/${id}`)));
  if (found === undefined) return null;
  const { purpose, ...project } = found.project;
  const resources = await failingAs(words, listOf<{ urn: string }>(client, `${PATH}/${id}/resources`, 'resources'));
  return {
    ...project,
    purpose: purpose.replace(/^Other: /, ''),
    resources: resources.map(({ urn }) => urn),
  };
}

/** A new project that cannot take its resources is deleted again. */
async function assignOrGiveUp(client: RestClient, { id }: Project, planned: ValueObject): Promise<void> {
  try {
    await assign(client, id, texts(planned, 'resources'));
  } catch (error) {
    await client.delete(`${PATH}/${id}`);
    throw error;
  }
}

async function update({ client, prior, planned }: Change<RestClient>): Promise<ValueObject> {
  const id = text(planned, 'id');
  const body = Object.fromEntries(
    [...ARGUMENTS, 'environment', 'is_default'].map((name) => [name, planned[name] ?? '']),
  );
  await failingAs('Error updating Project', client.patch(`${PATH}/${id}`, body));
  const [before, after] = [texts(prior, 'resources'), texts(planned, 'resources')];
  await moveToDefault(
    client,
    before.filter((urn) => !after.includes(urn)),
  );
  const added = after.filter((urn) => !before.includes(urn));
  await failingAs('Error Updating project: Error assigning resources', assign(client, id, added));
  return (await read(client, id)) ?? {};
}

async function remove(existing: Existing<RestClient>): Promise<void> {
  const { client, state } = existing;
  const id = text(state, 'id');
  await moveToDefault(client, texts(state, 'resources'));
  const deletion = deletePatiently(existing, `${PATH}/${id}`, WHILE_IT_HAS_RESOURCES);
  await failingAs(`Error deleting project (${id})`, deletion);
}

function moveToDefault(client: RestClient, urns: readonly string[]): Promise<void> {
  return failingAs('Error assigning resources to default project', assign(client, 'default', urns));
}

async function assign(client: RestClient, project: string, urns: readonly string[]): Promise<void> {
  if (urns.length > 0) await client.post(`${PATH}/${project}/resources`, { resources: urns });
}
