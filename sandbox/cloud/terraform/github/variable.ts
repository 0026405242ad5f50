import { text } from '../attributes';
import type { ResourceType, ValueObject } from '../engine/resource';
import { ifThere } from '../rest-client';
import { goTime, pathOf, twoParts, type GithubClient } from './client';
import { checkName } from './secret-name';

interface VariableBody {
  readonly value: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export const actionsVariable: ResourceType<GithubClient> = {
  forceNew: ['variable_name'],
  validate: (config) => checkName(config, 'variable_name'),
  create: async ({ client, planned }) => {
    await client.api.post(pathOf(client, planned, '/actions/variables'), bodyOf(planned));
    return read(client, planned);
  },
  read: ({ client, state }) => ifThere(read(client, state)),
  update: async ({ client, planned }) => {
    await client.api.patch(placeOf(client, planned), bodyOf(planned));
    return read(client, planned);
  },
  delete: ({ client, state }) => ifThere(client.api.delete(placeOf(client, state))),
  import: ({ id }) => {
    const [repository, name] = twoParts(id, ':', '<repository>:<variable_name>');
    return Promise.resolve({ id, repository, variable_name: name });
  },
};

async function read(client: GithubClient, state: ValueObject): Promise<ValueObject> {
  const { value, created_at, updated_at } = await client.api.get<VariableBody>(placeOf(client, state));
  const id = `${text(state, 'repository')}:${text(state, 'variable_name')}`;
  return { id, value, created_at: goTime(created_at), updated_at: goTime(updated_at) };
}

function placeOf(client: GithubClient, state: ValueObject): string {
  return pathOf(client, state, `/actions/variables/${text(state, 'variable_name')}`);
}

function bodyOf(planned: ValueObject): unknown {
  return { name: text(planned, 'variable_name'), value: text(planned, 'value') };
}
